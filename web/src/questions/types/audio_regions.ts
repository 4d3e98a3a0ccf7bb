/** Audio regions: mark stretches of a sound and write down what is said in them. */
import type { Answer, AudioRegionsQuestion, Payload } from '../../api';
import { timeText } from '../../audio/player.svelte';
import AudioRegionsEditor from '../../editors/AudioRegions.svelte';
import { mediaOf } from '../../fields/media';
import { t } from '../../i18n';
import AudioRegionsShow from '../../shows/AudioRegions.svelte';
import AudioRegions from '../../widgets/AudioRegions.svelte';
import type { SoundRegion } from '../../audio/sound-region';
import { checkRegions } from '../check-regions';
import type { Checked, Kind } from '../kind';
import { shown } from '../texts';

const MOST_LETTERS = 10_000;

/** A transcript in its one form: composed letters, plain line ends, no white space around it. */
const normalText = (text: string): string => text.normalize('NFC').replaceAll(/\r\n?/g, '\n').trim();

function check(question: AudioRegionsQuestion, answer: Answer, payload: Payload): Checked<SoundRegion[]> {
  const duration = mediaOf(payload[question.field])?.duration_ms ?? 0;
  return checkRegions<SoundRegion>(question, answer, payload, {
    hasPlace: duration > 0,
    keys: ['start_ms', 'end_ms'],
    further: ['text'],
    place: ({ start_ms, end_ms, text }) => {
      const fits = Number.isInteger(start_ms) && Number.isInteger(end_ms) && Number(start_ms) >= 0 && Number(start_ms) < Number(end_ms) && Number(end_ms) <= duration;
      if (!fits) return { fault: t('fault.outsideSound', { value: shown({ start_ms, end_ms }), duration: timeText(duration) }) };
      const place = { start_ms: Number(start_ms), end_ms: Number(end_ms) };
      if (text === undefined || text === null) return { answer: place };
      if (typeof text !== 'string' || question.transcript !== true) return { fault: t('fault.transcript', { value: shown(text) }) };
      const normal = normalText(text);
      if (Array.from(normal).length > MOST_LETTERS) return { fault: t('fault.tooMany', { n: normal.length, most: MOST_LETTERS }) };
      return { answer: normal === '' ? place : { ...place, text: normal } };
    },
    order: (region) => [region.start_ms, region.end_ms],
  });
}

const kind: Kind<AudioRegionsQuestion, SoundRegion[]> = {
  isAnswered: () => true,
  check,
  brief: (_question, answer) => (answer.length === 0 ? t('spans.nothing') : t('items.spans', { n: answer.length })),
  field: (question) => question.field,
  options: (question) => question.labels,
  Widget: AudioRegions,
  Editor: AudioRegionsEditor,
  Show: AudioRegionsShow,
};

export default kind;
