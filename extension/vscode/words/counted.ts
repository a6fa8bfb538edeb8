/** `1 edit`, `2 edits`. */
export const counted = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
