/** What the panel and the image of one question share: the marking that is going on, once the image is there. */
import type { BoxesQuestion, KeypointsQuestion, MasksQuestion, PolygonsQuestion, Question } from '../api';
import type { EditorProps, Sheet } from '../questions/kind';
import { regionsOf, type Region } from '../questions/regions.svelte';
import type { Begun, Marking } from './marking.svelte';
import { imageOf } from './media';
import { Picture } from './picture.svelte';
import { View } from './view.svelte';

export type ImageQuestion = BoxesQuestion | PolygonsQuestion | MasksQuestion | KeypointsQuestion;

export class Desk<R extends Region> {
  marking = $state.raw<Marking<R> | null>(null);

  /** What Delete does first: it takes back a step of what is begun, or the grip that has the keys. */
  remove(): boolean {
    const { marking } = this;
    if (marking === null) return false;
    return marking.tool.back?.() === true || marking.removeGrip();
  }

  escape(): boolean {
    this.marking?.escape();
    return this.marking !== null;
  }
}

export function deskOf<R extends Region>(sheet: Sheet, question: Pick<Question, 'name'>): Desk<R> {
  return sheet.shared(`${question.name}.image`, () => new Desk<R>());
}

/** An image of an item as it lies on the screen: the same for all questions about it. */
export class Sight {
  readonly view: View;
  readonly picture: Picture;

  constructor(view: View, picture: Picture) {
    this.view = view;
    this.picture = picture;
  }
}

/** The marking of a question on its image, begun when it is first needed; null where the item has no image. */
export function markingOf<Q extends ImageQuestion, R extends Region>(
  { sheet, question, vault, say }: Pick<EditorProps<Q>, 'sheet' | 'question' | 'vault' | 'say'>,
  make: (parts: Begun<R>) => Marking<R>,
): Marking<R> | null {
  const sight = sightOf(sheet, question.field, vault);
  const desk = deskOf<R>(sheet, question);
  if (sight !== null) desk.marking ??= make({ regions: regionsOf<R>(sheet, question), view: sight.view, picture: sight.picture, say });
  return desk.marking;
}

/** The image of a field; null where the item has none. */
export function sightOf(sheet: Sheet, field: string, vault: string): Sight | null {
  const media = imageOf(sheet.payload[field]);
  if (media === null) return null;
  return sheet.shared(`${field}.sight`, () => new Sight(new View({ width: media.width, height: media.height }), new Picture(vault, media)));
}
