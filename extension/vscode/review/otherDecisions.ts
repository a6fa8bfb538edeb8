import { isDecidable } from './places.ts';
import type { ApplyResult } from '../protocol.ts';
import type { ProposalFiles } from './proposalFiles.ts';
import type { Review } from './review.ts';

type Next = (command: string, args: unknown[]) => unknown;

/** Commands of the server that somebody else has named, such as another extension: they go the way of the user's own decisions. */
export class OtherDecisions {
  private readonly review: Review;
  private readonly files: ProposalFiles;

  constructor(review: Review, files: ProposalFiles) {
    this.review = review;
    this.files = files;
  }

  async run(command: string, args: unknown[], next: Next): Promise<unknown> {
    const { review } = this;
    const argument = (args[0] ?? {}) as { editId?: string; as?: string; newText?: string; all?: boolean };
    if (command === 'pi.showEdit' && argument.as !== 'text') {
      const edit = review.find(argument.editId) ?? (argument.editId === undefined ? review.open[0] : undefined);
      if (!edit || !isDecidable(edit)) return next(command, args);
      await review.show(edit.id);
      return { uri: edit.uri, shown: true };
    }
    if (command === 'pi.applyEdit' && argument.all && review.open.some((edit) => this.files.ownVersion(edit))) return review.applyAll();
    if (command === 'pi.applyEdit') {
      const edit = review.find(argument.editId);
      if (edit && argument.newText === undefined && this.files.ownVersion(edit)) return review.applyEdit(edit.id);
      const result = (await next(command, args)) as ApplyResult | undefined;
      if (result && !result.applied) review.notApplied(result.reason);
      return result;
    }
    return next(command, args);
  }
}
