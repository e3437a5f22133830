import { getWorkflow } from "../../api/endpoints";
import { useEditor } from "../store";

/** Has the editor know what is live in production. */
export async function refreshLive(id: string): Promise<void> {
  const { webhooks, publishedVersion, enabled } = await getWorkflow(id);
  useEditor.setState({ publishedVersion, webhooks, enabled });
}
