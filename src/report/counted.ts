/** `1 video`, `2 videos`. @param many the plural; with an `s` at its end if not given */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
