// Short names that stay distinct. Pure.

/** Shortens names; names that would read the same get the folder above them: "weaver / cli" and "tools / cli". */
export function distinctNames(names: readonly (string | null)[], shorten: (name: string) => string): (string | null)[] {
  const short = names.map((name) => name && shorten(name));
  return short.map((one, at) => {
    const name = names[at] ?? null;
    const isShared = one !== null && short.some((other, position) => position !== at && other === one);
    if (!isShared || name === null) return one;
    const folder = name.split(/[/\\]+/).filter((part) => part !== '').at(-2);
    return folder === undefined ? one : `${folder} / ${one}`;
  });
}
