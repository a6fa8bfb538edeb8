/** Problems of one file as lines for a model. Pure. */

interface Problem {
  range: { start: { line: number; character: number } };
  /** As VS Code counts: 0 is an error. */
  severity: number;
  message: string;
  source?: string;
}

const SEVERITIES = ['error', 'warning', 'information', 'hint'];

/** Errors first; our own marks and what is only a hint are none. */
export function problemLines(path: string, problems: readonly Problem[]): string[] {
  return problems
    .filter(({ source, severity }) => source !== 'pi' && severity < 3)
    .toSorted((a, b) => a.severity - b.severity || a.range.start.line - b.range.start.line)
    .map(({ range, severity, message, source }) => {
      const { line, character } = range.start;
      return `${path}:${line + 1}:${character + 1}: ${SEVERITIES[severity]}: ${message.replace(/\s*\n\s*/g, ' ')}${source ? ` (${source})` : ''}`;
    });
}
