import type { ComponentProps, ReactNode } from "react";
import styles from "./button.module.css";

type ButtonProps = ComponentProps<"button"> & {
  /** `main` is what a screen is for; `danger` cannot be undone. */
  kind?: "main" | "plain" | "danger" | "quiet";
};

export function Button({ kind = "plain", type = "button", className = "", ...rest }: ButtonProps) {
  return <button type={type} className={`${styles.button} ${styles[kind]} ${className}`} {...rest} />;
}

/** A button that shows only a picture: its name is said, and shown when it is pointed at. */
export function IconButton({
  label,
  shortcut,
  children,
  ...rest
}: ButtonProps & { label: string; shortcut?: string; children: ReactNode }) {
  const title = shortcut === undefined ? label : `${label} (${shortcut})`;
  return (
    <button type="button" className={styles.icon} aria-label={label} title={title} {...rest}>
      {children}
    </button>
  );
}
