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

/** The path of a pull request: the repository, a word that differs by host, and the number. */
const PULL_REQUEST_PATH = /^\/(.+?)\/(?:-\/)?(?:pull|pulls|merge_requests|pull-requests)\/(\d+)/;

/** Shortens the address of a pull request: "#7 ada/harbour". Any other address stays as it is. */
export function shortPullRequest(url: string): string {
  try {
    const found = PULL_REQUEST_PATH.exec(new URL(url).pathname);
    return found === null ? url : `#${found[2]} ${found[1]}`;
  } catch {
    return url;
  }
}
