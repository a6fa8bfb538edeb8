/** How often the server may end by itself before it is left alone: a crash at every start must not become a loop. */
export class CrashBudget {
  private readonly most: number;
  private readonly withinMs: number;
  private crashes: number[] = [];

  constructor(most = 3, withinMs = 180_000) {
    this.most = most;
    this.withinMs = withinMs;
  }

  /** Counts a crash. @returns whether the server should be started again */
  spend(now: number): boolean {
    this.crashes = [...this.crashes.filter((one) => now - one < this.withinMs), now];
    return this.crashes.length <= this.most;
  }

  /** The user has taken it in hand. */
  forget(): void {
    this.crashes = [];
  }
}
