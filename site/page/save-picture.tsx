import type { PictureAnswer } from '../logic/protocol.js';
import { isDark } from './theme.js';

/** Pixels of a PNG for each one of the SVG. */
const SCALE = 2;

/** The picture as a file. */
export function SavePicture({ answer }: { readonly answer: PictureAnswer }) {
  return (
    <span class="save">
      <button
        type="button"
        onClick={() => save(new Blob([documentOf(answer)], { type: 'image/svg+xml' }), 'svg')}
      >
        SVG
      </button>{' '}
      <button type="button" onClick={() => void png(answer).then((blob) => save(blob, 'png'))}>
        PNG
      </button>
    </span>
  );
}

function documentOf({ svg, styles }: PictureAnswer): string {
  const rules = isDark.value ? styles.dark : styles.light;
  const document = new DOMParser().parseFromString(svg, 'image/svg+xml');
  const style = document.createElementNS('http://www.w3.org/2000/svg', 'style');
  style.textContent = rules;
  document.documentElement.prepend(style);
  return new XMLSerializer().serializeToString(document);
}

async function png(answer: PictureAnswer): Promise<Blob> {
  const image = new Image();
  const address = URL.createObjectURL(new Blob([documentOf(answer)], { type: 'image/svg+xml' }));
  try {
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth * SCALE;
    canvas.height = image.naturalHeight * SCALE;
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob(
        (blob) => (blob ? resolve(blob) : reject(new Error('the picture is too large'))),
        'image/png',
      );
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}

function save(blob: Blob, ending: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = `execution.${ending}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
