import type { ComponentType, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** A view whose code is loaded when it is shown. */
export function lazy(load: () => Promise<ComponentType>): () => JSX.Element {
  let loaded: ComponentType | undefined;
  return function Lazy() {
    const [, arrived] = useState(0);
    const [reason, setReason] = useState<string>();
    useEffect(() => {
      if (loaded) return;
      load().then(
        (view) => {
          loaded = view;
          arrived(1);
        },
        (error: Error) => setReason(error.message),
      );
    }, []);
    if (reason !== undefined)
      return <p class="error">This view could not be loaded: {reason}. Open the page anew.</p>;
    const View = loaded;
    return View ? <View /> : <p class="wait">Loading…</p>;
  };
}
