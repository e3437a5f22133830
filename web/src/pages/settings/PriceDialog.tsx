import { type FormEvent, useId, useState } from "react";
import { type ModelPrice, type Provider, type Rates, useSetPrice } from "../../api/prices";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field, Input } from "../../ui/Form";
import { messageOf } from "../../ui/message";
import { Select } from "../../ui/Select";
import { toast } from "../../ui/toasts";

const t = strings.prices;
const PROVIDERS = Object.entries(t.providers).map(([value, label]) => ({ value, label }));
const RATE = /^[0-9]{1,7}(\.[0-9]{1,9})?$/;
export const RATES = ["input", "cached", "output", "audio", "minute"] as const;
type Rate = (typeof RATES)[number];

interface PriceDialogProps {
  /** Whose price is set; one to be named without it. */
  price?: ModelPrice;
  onClose(): void;
}

/** Sets what a model costs the workspace. */
export function PriceDialog({ price, onClose }: PriceDialogProps) {
  const before = price?.own ?? price?.listed;
  const [provider, setProvider] = useState(price?.provider ?? "openai");
  const [model, setModel] = useState(price?.model ?? "");
  const [rates, setRates] = useState<Record<Rate, string>>({
    input: before?.input ?? "",
    cached: before?.cached ?? "",
    output: before?.output ?? "",
    audio: before?.audio ?? "",
    minute: before?.minute ?? "",
  });
  const [wrong, setWrong] = useState<Partial<Record<Rate | "model", string>>>({});
  const set = useSetPrice();
  const form = useId();
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const found = problemsOf(rates);
    setWrong(found);
    if (Object.keys(found).length > 0) return;
    try {
      await set.mutateAsync({ provider: provider as Provider, model: model.trim(), rates: given(rates) });
      toast({ tone: "ok", title: t.saved, detail: t.savedText });
      onClose();
    } catch (error) {
      const { title, detail } = messageOf(error);
      setWrong({ model: detail || title });
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={price ? t.editTitle(price.model) : t.addTitle}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button variant="primary" type="submit" form={form} busy={set.isPending} disabled={!model.trim()}>
            {strings.common.save}
          </Button>
        </>
      }
    >
      <form id={form} noValidate onSubmit={(event) => void save(event)} className="space-y-3">
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label={t.provider} required>
            {(ids) => (
              <Select
                {...ids}
                value={provider}
                onChange={setProvider}
                options={PROVIDERS}
                disabled={price !== undefined}
              />
            )}
          </Field>
          <Field label={t.model} required help={price ? undefined : t.modelHelp} error={wrong.model}>
            {(ids) => (
              <Input
                {...ids}
                value={model}
                maxLength={300}
                disabled={price !== undefined}
                autoComplete="off"
                spellCheck={false}
                onChange={(event) => setModel(event.target.value)}
              />
            )}
          </Field>
        </div>
        <fieldset>
          <legend className="mb-2 text-ink-2 text-xs">{t.ratesHelp}</legend>
          <div className="grid grid-cols-2 gap-3 sm:grid-cols-3">
            {RATES.map((rate) => (
              <Field key={rate} label={t[rate]} error={wrong[rate]}>
                {(ids) => (
                  <Input
                    {...ids}
                    inputMode="decimal"
                    autoComplete="off"
                    value={rates[rate]}
                    onChange={(event) => setRates((now) => ({ ...now, [rate]: event.target.value }))}
                  />
                )}
              </Field>
            ))}
          </div>
        </fieldset>
      </form>
    </Dialog>
  );
}

/** What is wrong with rates as they are written, by their names. */
export function problemsOf(rates: Record<Rate, string>): Partial<Record<Rate, string>> {
  const wrong = RATES.filter((rate) => rates[rate].trim() !== "" && !RATE.test(rates[rate].trim()));
  if (wrong.length > 0) return Object.fromEntries(wrong.map((rate) => [rate, t.wrongRate]));
  return rates.input.trim() === "" && rates.minute.trim() === "" ? { input: t.neededRate } : {};
}

function given(rates: Record<Rate, string>): Rates {
  return Object.fromEntries(RATES.map((rate) => [rate, rates[rate].trim() || null])) as Rates;
}
