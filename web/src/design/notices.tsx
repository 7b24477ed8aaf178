/** Short notices at the foot of the screen, said aloud by screen readers, some with something to do. */
import { Toast } from "@base-ui/react/toast";
import { X } from "lucide-react";
import { type ReactNode, useEffect, useEffectEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { afterPaint } from "./after-paint.ts";
import { Button, IconButton } from "./button.tsx";
import styles from "./notices.module.css";

interface NoticeData {
  until: number | undefined;
}
let made = 0;
const manager = Toast.createToastManager<NoticeData>();

interface Notice {
  /** What can be done about it, such as to undo it. */
  action?: { label: string; run(): void };
  kind?: "done" | "failed";
  /** How long it stays, in milliseconds; 0 until it is closed. */
  timeout?: number;
  /** The moment until which its action can be taken: the seconds are counted down, and then it goes. */
  until?: number;
}

/** Returns what takes it away again. */
export function notify(text: string, { action, kind = "done", timeout = 6000, until }: Notice = {}): () => void {
  const id = `notice-${++made}`;
  let isWanted = true;
  const show = () =>
    manager.add<NoticeData>({
      id,
      title: text,
      type: kind,
      timeout: until === undefined ? timeout : 0,
      data: { until },
      priority: kind === "failed" ? "high" : "low",
      ...(action === undefined ? {} : { actionProps: { children: action.label, onClick: action.run } }),
    });
  // After what it tells of, which is on the screen at once.
  afterPaint(() => isWanted && show());
  return () => {
    isWanted = false;
    manager.close(id);
  };
}

export function Notices({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Toast.Provider toastManager={manager} limit={3}>
      {children}
      <Toast.Portal>
        <Toast.Viewport aria-label={t("announcing.notices")} className={styles.viewport}>
          <NoticeList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function NoticeList() {
  const { toasts, close } = Toast.useToastManager<NoticeData>();
  const { t } = useTranslation();
  return toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      className={`${styles.notice} ${toast.type === "failed" ? styles.failed : ""}`}
    >
      <Toast.Title className={styles.text} render={<p />} />
      {toast.actionProps && (
        <Button
          kind="quiet"
          className={styles.action ?? ""}
          onClick={(event) => {
            toast.actionProps?.onClick?.(event);
            close(toast.id);
          }}
        >
          {toast.actionProps.children}
          {toast.data?.until !== undefined && <Countdown until={toast.data.until} onEnd={() => close(toast.id)} />}
        </Button>
      )}
      <IconButton label={t("app.close")} onClick={() => close(toast.id)}>
        <X />
      </IconButton>
    </Toast.Root>
  ));
}

/** Only seen: read out each second, it would drown everything else. */
function Countdown({ until, onEnd }: { until: number; onEnd(): void }) {
  const [left, setLeft] = useState(() => until - Date.now());
  const end = useEffectEvent(onEnd);
  useEffect(() => {
    const timer = setInterval(() => {
      setLeft(until - Date.now());
      if (Date.now() >= until) end();
    }, 250);
    return () => clearInterval(timer);
  }, [until]);
  return (
    <span aria-hidden className={styles.countdown}>
      {Math.max(0, Math.ceil(left / 1000))}
    </span>
  );
}
