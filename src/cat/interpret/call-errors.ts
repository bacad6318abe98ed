import { SourceError, type Span } from '../../diagnostics.js';

/** A name that nothing defines, or a predefined function that has nothing to give: what `try` passes over. */
export class UnboundNameError extends SourceError {}

/** An error inside a function of another file is of more use at the call. */
export function insideCall<T>(name: string, call: Span, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof SourceError) || error.span.source === call.source) throw error;
    const { source, start } = error.span;
    const reason = `${error.reason} (in \`${name}\`, ${source.name}:${source.position(start).line})`;
    throw error instanceof UnboundNameError
      ? new UnboundNameError(reason, call)
      : new SourceError(reason, call);
  }
}
