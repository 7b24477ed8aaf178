/** A menu behind a button: arrows walk through it, letters find in it, Escape closes it and gives the keyboard back. */
import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import styles from "./menu.module.css";

interface MenuProps {
  /** The button. */
  trigger: ReactElement;
  /** The end of the button that the menu begins at. */
  align?: "start" | "end";
  children: ReactNode;
}

export function Menu({ trigger, align = "end", children }: MenuProps) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className={styles.positioner} align={align} sideOffset={4}>
          <Base.Popup className={styles.menu}>{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

interface MenuItemProps {
  icon?: ReactNode;
  shortcut?: string;
  onChoose(): void;
  children: ReactNode;
}

export function MenuItem({ icon, shortcut, onChoose, children }: MenuItemProps) {
  return (
    <Base.Item className={styles.item} onClick={onChoose}>
      <span className={styles.icon} aria-hidden>
        {icon}
      </span>
      <span className={styles.text}>{children}</span>
      {shortcut !== undefined && <kbd className={styles.shortcut}>{shortcut}</kbd>}
    </Base.Item>
  );
}

/** A link of the menu, such as to what it downloads. */
export function MenuLink({
  icon,
  href,
  download,
  children,
}: {
  icon?: ReactNode;
  href: string;
  download?: string;
  children: ReactNode;
}) {
  return (
    <Base.LinkItem className={styles.item} href={href} download={download} closeOnClick>
      <span className={styles.icon} aria-hidden>
        {icon}
      </span>
      <span className={styles.text}>{children}</span>
    </Base.LinkItem>
  );
}

interface MenuChoiceProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly (readonly [Value, string])[];
  onChoose(value: Value): void;
}

/** One of several, with a mark at the one that it is. */
export function MenuChoice<Value extends string>({ label, value, options, onChoose }: MenuChoiceProps<Value>) {
  return (
    <Base.Group>
      <Base.GroupLabel className={styles.label}>{label}</Base.GroupLabel>
      <Base.RadioGroup value={value} onValueChange={onChoose}>
        {options.map(([option, name]) => (
          <Base.RadioItem key={option} value={option} className={styles.item} closeOnClick>
            <span className={styles.icon} aria-hidden>
              <Base.RadioItemIndicator>
                <Check />
              </Base.RadioItemIndicator>
            </span>
            <span className={styles.text}>{name}</span>
          </Base.RadioItem>
        ))}
      </Base.RadioGroup>
    </Base.Group>
  );
}

export const MenuLine = () => <Base.Separator className={styles.line} />;
