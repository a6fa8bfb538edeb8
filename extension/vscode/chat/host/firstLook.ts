import type { Hub } from '../../server/hub.ts';
import type { LastSession } from './lastSession.ts';

/** What is looked up once, when the view is opened: whoever opens it wants to write a message, and what stops that is said before. */
export class FirstLook {
  private readonly hub: Pick<Hub, 'run'>;
  private readonly last: LastSession;
  private readonly warn: (problem: string) => void;
  private looked = false;

  constructor(hub: FirstLook['hub'], last: LastSession, warn: FirstLook['warn']) {
    this.hub = hub;
    this.last = last;
    this.warn = warn;
  }

  async look(): Promise<void> {
    if (this.looked) return;
    this.looked = true;
    try {
      await this.hub.run('pi.checkAvailability', {});
      this.last.listed((await this.hub.run('pi.listSessions')).sessions);
    } catch (error) {
      // Reported where the server is started.
      this.warn(error instanceof Error ? error.message : String(error));
    }
  }
}
