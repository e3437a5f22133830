import { findType } from "../graph/catalogue";
import { connectable } from "../graph/connectable";
import { findNode } from "../graph/document";
import { strings } from "../strings";
import { NodeIcon } from "../ui/NodeIcon";
import { toast } from "../ui/toasts";
import { connect } from "./actions";
import { type Command, CommandPalette } from "./CommandPalette";
import { useDocument, useEditor } from "./store";

const t = strings.connecting;

/** Opens the list of what the selected node may be connected to. */
export function connectSelection(): void {
  const { nodes, history } = useEditor.getState();
  const [id] = nodes;
  if (nodes.size === 1 && id && findNode(history.present, id)) useEditor.setState({ connecting: id });
}

/** Connects a node to another without a mouse: every connection that may be drawn from it, by name. */
export function ConnectDialog() {
  const document = useDocument();
  const catalogue = useEditor((state) => state.catalogue);
  const connecting = useEditor((state) => state.connecting);
  const node = connecting ? findNode(document, connecting) : undefined;
  if (!node) return null;
  const choices = connectable(document, catalogue, node.id);
  const ports = new Set(choices.map(({ sourcePort }) => sourcePort));
  const commands = choices.map((choice): Command => {
    const entry = findType(catalogue, choice.node.type, choice.node.version);
    const several = choices.filter((other) => other.target === choice.target && other.sourcePort === choice.sourcePort);
    const input = choice.to.label || choice.targetPort;
    return {
      id: [choice.sourcePort, choice.target, choice.targetPort].join(" "),
      group: t.group,
      label: several.length > 1 ? t.into(choice.node.name, input) : choice.node.name,
      detail: ports.size > 1 ? t.from(choice.from.label || choice.sourcePort) : (entry?.name ?? choice.node.type),
      icon: <NodeIcon icon={entry?.icon} category={entry?.category} size="sm" />,
      run: () => {
        connect(choice.source, choice.sourcePort, choice.target, choice.targetPort);
        toast({ tone: "ok", title: t.done(node.name, choice.node.name) });
      },
    };
  });
  return (
    <CommandPalette
      commands={commands}
      onClose={() => useEditor.setState({ connecting: null })}
      title={t.title(node.name)}
      placeholder={t.placeholder(node.name)}
      nothing={t.nothing}
    />
  );
}
