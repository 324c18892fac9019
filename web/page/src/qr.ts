// Reading a QR code from an image: by the browser's own reader where it has one,
// and by jsQR, in a worker, where it has none or it finds nothing.

declare const WORKER: string; // the worker's file; set when the page is built

interface Detector {
  detect(source: ImageBitmapSource): Promise<{ rawValue: string }[]>;
}

let native: Promise<Detector | null> | undefined;

function detector(): Promise<Detector | null> {
  native ??= (async () => {
    const d = (globalThis as { BarcodeDetector?: { new (o: object): Detector; getSupportedFormats(): Promise<string[]> } }).BarcodeDetector;
    try {
      return d && (await d.getSupportedFormats()).includes("qr_code") ? new d({ formats: ["qr_code"] }) : null;
    } catch {
      return null;
    }
  })();
  return native;
}

let worker: Worker | undefined;
let last = 0;
const waiting = new Map<number, (text: string | null) => void>();

/** byWorker gives pixels, which it takes away, to jsQR. */
function byWorker(pixels: ImageData, thorough: boolean): Promise<string | null> {
  if (!worker) {
    worker = new Worker(new URL(WORKER, import.meta.url));
    worker.onmessage = (e: MessageEvent<{ id: number; text: string | null }>) => {
      waiting.get(e.data.id)?.(e.data.text);
      waiting.delete(e.data.id);
    };
    worker.onerror = () => {
      for (const f of waiting.values()) f(null);
      waiting.clear();
      worker = undefined;
    };
  }
  const id = ++last;
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    worker!.postMessage({ id, data: pixels.data.buffer, width: pixels.width, height: pixels.height, thorough }, [pixels.data.buffer]);
  });
}

/** pixelsOf draws a source, w by h pixels, scaled, on white. */
export function pixelsOf(source: CanvasImageSource, w: number, h: number, scale: number): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(w * scale));
  canvas.height = Math.max(1, Math.round(h * scale));
  const c = canvas.getContext("2d", { willReadFrequently: true })!;
  c.fillStyle = "#fff";
  c.fillRect(0, 0, canvas.width, canvas.height);
  c.drawImage(source, 0, 0, canvas.width, canvas.height);
  return c.getImageData(0, 0, canvas.width, canvas.height);
}

/** Most pixels that are given to jsQR. */
const maxPixels = 4_000_000;

/** readFrame reads a code from one frame of a camera, null if there is none. */
export async function readFrame(video: HTMLVideoElement): Promise<string | null> {
  const d = await detector();
  if (d) {
    try {
      const [found] = await d.detect(video);
      if (found) return found.rawValue;
    } catch {
      native = Promise.resolve(null); // it is there and does not work
    }
  }
  const { videoWidth: w, videoHeight: h } = video;
  if (w === 0 || h === 0) return null;
  return byWorker(pixelsOf(video, w, h, Math.min(1, Math.sqrt(maxPixels / (w * h)))), false);
}

/** readImage reads a code from an image, in several sizes, null if there is none. */
export async function readImage(file: Blob): Promise<string | null> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    return null;
  }
  try {
    const { width: w, height: h } = bitmap;
    const most = Math.sqrt(maxPixels / (w * h));
    const scales = new Set([1, 0.5, 2, 1.4].map((s) => Math.min(s, most)));
    for (const scale of scales) {
      const text = await byWorker(pixelsOf(bitmap, w, h, scale), true);
      if (text !== null) return text;
    }
    const d = await detector();
    const [found] = d ? await d.detect(bitmap).catch(() => []) : [];
    return found?.rawValue ?? null;
  } finally {
    bitmap.close();
  }
}
