/** The time zone of all dates, found by its city, its name or how far it is from Greenwich. */
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../design/button.tsx";
import { Dialog } from "../design/dialog.tsx";
import { type Pick, PickList } from "../design/pick-list.tsx";
import { regional } from "../language/dates.ts";
import { deviceZone, isTimeZone } from "../language/time-zone.ts";
import { Setting } from "./setting.tsx";
import { changeSettings } from "./settings-query.ts";

const written = (zone: string): string => zone.replaceAll("_", " ");

export function TimeZoneChoice({ zone }: { zone: string | null }) {
  const { t } = useTranslation();
  const [isChoosing, setChoosing] = useState(false);
  const label = t("settings.timeZone.label");
  const chosen = zone === null ? t("settings.timeZone.device", { zone: written(deviceZone()) }) : written(zone);
  return (
    <>
      <Setting label={label} hint={t("settings.timeZone.hint")}>
        {(control) => (
          <Button {...control} aria-label={`${label}: ${chosen}`} onClick={() => setChoosing(true)}>
            {chosen}
          </Button>
        )}
      </Setting>
      {isChoosing && <ChooseZone onClose={() => setChoosing(false)} />}
    </>
  );
}

function ChooseZone({ onClose }: { onClose(): void }) {
  const { t, i18n } = useTranslation();
  const [typed, setTyped] = useState("");
  const zones = useMemo(() => zonesIn(regional(i18n.language)), [i18n.language]);
  const choose = (time_zone: string | null) => {
    onClose();
    void changeSettings({ time_zone });
  };
  const device: Pick = {
    key: "device",
    label: t("settings.timeZone.device", { zone: written(deviceZone()) }),
    choose: () => choose(null),
  };
  return (
    <Dialog title={t("settings.timeZone.label")} onClose={onClose}>
      <PickList
        label={t("settings.timeZone.find")}
        picks={[device, ...zones.map((zone): Pick => ({ ...zone, choose: () => choose(zone.key) }))]}
        nothing={t("settings.timeZone.nothing")}
        typed={typed}
        onType={setTyped}
      />
    </Dialog>
  );
}

function zonesIn(locale: string): Omit<Pick, "choose">[] {
  const now = new Date();
  const name = (timeZone: string, timeZoneName: "longGeneric" | "shortOffset") =>
    new Intl.DateTimeFormat(locale, { timeZone, timeZoneName }).formatToParts(now).find(isName)?.value;
  const zones = Intl.supportedValuesOf("timeZone").map(nowCalled);
  return [...new Set(["UTC", ...zones.sort()])].map((zone) => {
    const offset = name(zone, "shortOffset");
    return { key: zone, label: written(zone), hint: offset, also: `${name(zone, "longGeneric")} ${offset}` };
  });
}

/** Browsers list these by names of long ago, which nobody looks for. */
const RENAMED: Record<string, string> = {
  "Africa/Asmera": "Africa/Asmara",
  "America/Godthab": "America/Nuuk",
  "Asia/Calcutta": "Asia/Kolkata",
  "Asia/Katmandu": "Asia/Kathmandu",
  "Asia/Rangoon": "Asia/Yangon",
  "Asia/Saigon": "Asia/Ho_Chi_Minh",
  "Atlantic/Faeroe": "Atlantic/Faroe",
  "Europe/Kiev": "Europe/Kyiv",
  "Pacific/Enderbury": "Pacific/Kanton",
  "Pacific/Ponape": "Pacific/Pohnpei",
  "Pacific/Truk": "Pacific/Chuuk",
};

function nowCalled(zone: string): string {
  const name = RENAMED[zone];
  return name !== undefined && isTimeZone(name) ? name : zone;
}

const isName = ({ type }: Intl.DateTimeFormatPart): boolean => type === "timeZoneName";
