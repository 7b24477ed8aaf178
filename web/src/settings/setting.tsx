/** A line of a section: what is set on one side, its control on the other, what it means below. */
import { type ReactNode, useId } from "react";
import styles from "./setting.module.css";

interface SettingProps {
  label: string;
  hint?: string;
  children(control: { id: string; "aria-describedby"?: string }): ReactNode;
}

export function Setting({ label, hint, children }: SettingProps) {
  const id = useId();
  const described = hint === undefined ? {} : { "aria-describedby": `${id}-hint` };
  return (
    <div className={styles.setting}>
      <label htmlFor={id}>{label}</label>
      <div className={styles.control}>{children({ id, ...described })}</div>
      {hint !== undefined && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
    </div>
  );
}

interface ChoiceProps<Value extends string> {
  label: string;
  hint?: string;
  value: Value;
  options: readonly (readonly [value: Value, label: string])[];
  onChange(value: Value): void;
}

/** One of a few. */
export function Choice<Value extends string>({ label, hint, value, options, onChange }: ChoiceProps<Value>) {
  const choose = (chosen: string) => {
    const found = options.find(([option]) => option === chosen);
    if (found) onChange(found[0]);
  };
  return (
    <Setting label={label} {...(hint === undefined ? {} : { hint })}>
      {(control) => (
        <select {...control} value={value} onChange={({ target }) => choose(target.value)}>
          {options.map(([option, name]) => (
            <option key={option} value={option}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Setting>
  );
}

interface SwitchProps {
  label: string;
  hint?: string;
  value: boolean;
  onChange(value: boolean): void;
}

export function OnOff({ label, hint, value, onChange }: SwitchProps) {
  return (
    <Setting label={label} {...(hint === undefined ? {} : { hint })}>
      {(control) => (
        <input {...control} type="checkbox" checked={value} onChange={({ target }) => onChange(target.checked)} />
      )}
    </Setting>
  );
}
