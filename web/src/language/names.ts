/** What strangers call themselves and their files. Signs that turn the letters beside a name, the server has taken out. */

const VISIBLE = /[^\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u;

/** Empty where nothing of it would be seen. */
export const shownName = (name: string): string => (VISIBLE.test(name) ? name : "");
