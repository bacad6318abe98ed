import { useEffect, useRef } from 'preact/hooks';
import type { PictureAnswer } from '../logic/protocol.js';
import { isDark } from './theme.js';

/** What the pointer is on, in a picture. */
export type Pointed =
  | { readonly kind: 'event'; readonly event: number }
  | { readonly kind: 'edge'; readonly from: number; readonly to: number };

interface Props {
  readonly answer: PictureAnswer;
  readonly onPoint?: (what: Pointed | undefined) => void;
}

/**
 * The picture as part of the page: parsed as a document of its own, never as HTML, so that nothing in it can
 * run.
 */
export function Picture({ answer, onPoint }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const dark = isDark.value;
  useEffect(() => {
    const { documentElement } = new DOMParser().parseFromString(answer.svg, 'image/svg+xml');
    const svg = document.importNode(documentElement, true);
    const style = document.createElementNS('http://www.w3.org/2000/svg', 'style');
    style.textContent = styleOf(answer, dark);
    svg.prepend(style);
    frame.current?.replaceChildren(svg);
  }, [answer, dark]);
  const point = ({ target }: PointerEvent) => onPoint?.(pointedAt(target as Element));
  return (
    <div
      class="picture"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it by keys
      tabIndex={0}
      ref={frame}
      onPointerOver={point}
      onPointerLeave={() => onPoint?.(undefined)}
    />
  );
}

/** On paper, it is light. */
function styleOf({ styles: { light, dark } }: PictureAnswer, isNight: boolean): string {
  return isNight ? `${light}@media screen{${dark}}` : light;
}

function pointedAt(target: Element): Pointed | undefined {
  const event = target.closest<SVGElement>('[data-event]')?.dataset.event;
  if (event !== undefined) return { kind: 'event', event: Number(event) };
  const edge = target.closest<SVGElement>('[data-from]')?.dataset;
  return edge ? { kind: 'edge', from: Number(edge.from), to: Number(edge.to) } : undefined;
}
