/** Moments as a date and time field has them, in the time zone of the device: 2026-11-28T09:30. */

export function fieldOf(moment: string | null): string {
  if (moment === null) return "";
  const date = new Date(moment);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

export const momentOf = (field: string): string | null => (field === "" ? null : new Date(field).toISOString());
