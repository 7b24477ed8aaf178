/** Notifications of new mail: wanted on all devices of their reader, allowed in each browser of his own. */
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { canNotify, readyNotifications } from "../announcing/notifications.ts";
import { notify } from "../design/notices.tsx";
import { OnOff } from "./setting.tsx";
import { changeSettings } from "./settings-query.ts";

export function NotificationsSwitch({ isWanted }: { isWanted: boolean }) {
  const { t } = useTranslation();
  const [permission, setPermission] = usePermission();
  const isAllowed = permission === "granted";
  const turn = async (isOn: boolean) => {
    if (!isOn) return changeSettings({ notifications: false });
    // A browser asks only upon a click, and only once.
    const answer = canNotify() ? await Notification.requestPermission() : "none";
    setPermission(answer);
    if (answer === "denied") notify(t("settings.notifications.denied"), { kind: "failed", timeout: 12_000 });
    if (answer !== "granted") return;
    readyNotifications();
    await changeSettings({ notifications: true });
  };
  const hint = () => {
    if (permission === "none") return t("settings.notifications.none");
    if (permission === "denied") return t("settings.notifications.denied");
    if (isWanted && !isAllowed) return t("settings.notifications.notHere");
    return t("settings.notifications.hint");
  };
  return (
    <OnOff
      label={t("settings.notifications.label")}
      hint={hint()}
      value={isWanted && isAllowed}
      onChange={(isOn) => void turn(isOn)}
    />
  );
}

type Permission = NotificationPermission | "none";
const permissionNow = (): Permission => (canNotify() ? Notification.permission : "none");

/** As it is now: it can be given and taken in the browser's own settings. */
function usePermission(): [Permission, (permission: Permission) => void] {
  const [permission, setPermission] = useState(permissionNow);
  useEffect(() => {
    const end = new AbortController();
    const follow = (status: PermissionStatus) =>
      status.addEventListener("change", () => setPermission(permissionNow()), { signal: end.signal });
    // What cannot be followed is asked for at the next click.
    navigator.permissions?.query({ name: "notifications" }).then(follow, () => undefined);
    return () => end.abort();
  }, []);
  return [permission, setPermission];
}
