// Scanning a code with the camera, in a dialog.

import { one } from "./dom.js";
import { InputError } from "./input.js";
import { t } from "./language.js";
import { readFrame } from "./qr.js";

/** Milliseconds between two looks. */
const pause = 120;

/**
 * scan opens the dialog and returns the text of the first code that accept takes,
 * null if the user closes it. It throws an InputError if there is no camera.
 */
export async function scan(accept: (text: string) => boolean): Promise<string | null> {
  if (!navigator.mediaDevices?.getUserMedia) {
    throw new InputError(t(window.isSecureContext ? "bad.camera.none" : "bad.camera.insecure"));
  }
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      audio: false, video: { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1080 } },
    });
  } catch (e) {
    const denied = e instanceof DOMException && (e.name === "NotAllowedError" || e.name === "SecurityError");
    throw new InputError(t(denied ? "bad.camera.denied" : "bad.camera.none"));
  }
  const dialog = one<HTMLDialogElement>("camera"), video = one<HTMLVideoElement>("camera-video");
  let open = true;
  const closed = () => { open = false; };
  dialog.addEventListener("close", closed, { once: true });
  try {
    video.srcObject = stream;
    dialog.showModal();
    await video.play();
    while (open) {
      const text = await readFrame(video);
      if (text !== null && accept(text)) return text;
      await new Promise((r) => setTimeout(r, pause));
    }
    return null;
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
    dialog.removeEventListener("close", closed);
    if (dialog.open) dialog.close();
  }
}
