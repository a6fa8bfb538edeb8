/** Takes secrets out of what is about to be logged: a protocol trace shows messages whole. Pure. */
export function redacted(text: string, secrets: Iterable<string>): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret.length < 4) continue;
    clean = clean.replaceAll(secret, '***');
    const escaped = JSON.stringify(secret).slice(1, -1);
    if (escaped !== secret) clean = clean.replaceAll(escaped, '***');
  }
  return clean;
}

/** The same object, with every text that is handed to one of its methods cleaned. */
export function redacting<T extends object>(log: T, secrets: () => Iterable<string>): T {
  return new Proxy(log, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) =>
        value.apply(
          target,
          args.map((arg) => cleaned(arg, secrets)),
        );
    },
  });
}

function cleaned(arg: unknown, secrets: () => Iterable<string>): unknown {
  if (typeof arg === 'string') return redacted(arg, secrets());
  if (!(arg instanceof Error)) return arg;
  const copy = new Error(redacted(arg.message, secrets()));
  copy.stack = arg.stack && redacted(arg.stack, secrets());
  return copy;
}
