/** The component that asks each type of question. A type is a file here, called as the server calls its widget. */
import type { Component } from 'svelte';
import type { Question } from '../api';
import type { SpanEditors } from '../state/span-editors.svelte';
import Choice from './Choice.svelte';
import Spans from './Spans.svelte';

export interface WidgetProps {
  question: Question;
  editors: SpanEditors;
  isActive: boolean;
  /** Chooses the option or label at this place, as its key does. */
  onpick: (i: number) => void;
}

export const WIDGETS: Record<Question['type'], Component<WidgetProps>> = { choice: Choice, spans: Spans };
