/**
 * A segmenter for Goldsmith that runs a model of the Segment Anything family with ONNX Runtime Web.
 *
 * Beside this file: vision_encoder.onnx and prompt_encoder_mask_decoder.onnx, as Transformers exports them (such as those
 * of SlimSAM), and ort.wasm.min.mjs, ort-wasm-simd-threaded.mjs and ort-wasm-simd-threaded.wasm of onnxruntime-web.
 */
import * as ort from './ort.wasm.min.mjs';

const SIDE = 1024;
const MEAN = [123.675, 116.28, 103.53];
const SPREAD = [58.395, 57.12, 57.375];

ort.env.wasm.numThreads = 1; // more need a page that is isolated from all others
ort.env.wasm.wasmPaths = new URL('./', import.meta.url).href;

const fetched = async (name) => {
  const answer = await fetch(new URL(name, import.meta.url));
  if (!answer.ok) throw new Error(`${name} is not beside segmenter.js`);
  return ort.InferenceSession.create(await answer.arrayBuffer(), { executionProviders: ['wasm'] });
};

let sessions = null;
let seen = null;

async function models() {
  sessions ??= Promise.all([fetched('vision_encoder.onnx'), fetched('prompt_encoder_mask_decoder.onnx')]);
  try {
    return await sessions;
  } catch (error) {
    sessions = null;
    throw error;
  }
}

/** The longer side is made SIDE pixels long; what the picture does not fill stays zero. */
function prepared(pixels, width, height) {
  const scale = SIDE / Math.max(width, height);
  const [columns, rows] = [Math.round(width * scale), Math.round(height * scale)];
  const [from, to] = [new OffscreenCanvas(width, height), new OffscreenCanvas(columns, rows)];
  from.getContext('2d').putImageData(new ImageData(pixels, width, height), 0, 0);
  const brush = to.getContext('2d');
  brush.drawImage(from, 0, 0, columns, rows);
  const { data } = brush.getImageData(0, 0, columns, rows);
  const values = new Float32Array(3 * SIDE * SIDE);
  for (let y = 0; y < rows; y += 1) {
    for (let x = 0; x < columns; x += 1) {
      for (let c = 0; c < 3; c += 1) {
        values[c * SIDE * SIDE + y * SIDE + x] = (data[4 * (y * columns + x) + c] - MEAN[c]) / SPREAD[c];
      }
    }
  }
  return { tensor: new ort.Tensor('float32', values, [1, 3, SIDE, SIDE]), scale, columns, rows };
}

async function segment({ width, height, pixels, points }) {
  const [encoder, decoder] = await models();
  if (pixels !== undefined) {
    seen = null;
    const { tensor, ...frame } = prepared(pixels, width, height);
    seen = { ...frame, embeddings: await encoder.run({ pixel_values: tensor }) };
  }
  const places = points.flatMap(({ x, y }) => [x * seen.scale, y * seen.scale]);
  const { iou_scores, pred_masks } = await decoder.run({
    ...seen.embeddings,
    input_points: new ort.Tensor('float32', Float32Array.from(places), [1, 1, points.length, 2]),
    input_labels: new ort.Tensor('int64', BigInt64Array.from(points, ({ isInside }) => (isInside ? 1n : 0n)), [1, 1, points.length]),
  });
  // Several masks are offered, each with how well it is thought to fit.
  const [rows, columns] = pred_masks.dims.slice(-2);
  const best = iou_scores.data.indexOf(Math.max(...iou_scores.data));
  const values = pred_masks.data.subarray(best * rows * columns, (best + 1) * rows * columns);
  const mask = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const row = Math.min(rows - 1, Math.floor((((y + 0.5) * seen.scale) / SIDE) * rows));
    for (let x = 0; x < width; x += 1) {
      const column = Math.min(columns - 1, Math.floor((((x + 0.5) * seen.scale) / SIDE) * columns));
      if (values[row * columns + column] > 0) mask[y * width + x] = 1;
    }
  }
  return mask;
}

// One after the other: a question may rest on the pixels of the one before.
let turn = Promise.resolve();
self.onmessage = ({ data }) => {
  turn = turn.then(async () => {
    try {
      const mask = await segment(data);
      self.postMessage({ id: data.id, mask }, [mask.buffer]);
    } catch (error) {
      self.postMessage({ id: data.id, error: error instanceof Error ? error.message : String(error) });
    }
  });
};
