// jsQR beside the page, which stays responsive.

import jsQR from "jsqr";

interface Job {
  id: number;
  data: ArrayBuffer;
  width: number;
  height: number;
  thorough: boolean; // also light on dark
}

onmessage = (e: MessageEvent<Job>) => {
  const { id, data, width, height, thorough } = e.data;
  let text: string | null = null;
  try {
    text = jsQR(new Uint8ClampedArray(data), width, height, { inversionAttempts: thorough ? "attemptBoth" : "dontInvert" })?.data || null;
  } catch {
    // What is no code can make it stumble; then there is none.
  }
  postMessage({ id, text });
};
