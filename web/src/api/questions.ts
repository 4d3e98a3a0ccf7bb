/** The schema language: what is shown of an item, what is asked about it, and what answers look like. */

export type FieldType = 'text' | 'html' | 'markdown' | 'chat' | 'image' | 'audio' | 'pdf' | 'table' | 'json' | 'code' | 'diff';

export interface Field {
  name: string;
  type: FieldType;
  label?: string | null;
  /** The language of code. */
  language?: string | null;
}

export interface Option {
  value: string;
  label: string;
  help?: string | null;
  key?: string | null;
}

/** An option that may hold others. */
export interface OptionNode {
  value: string;
  label: string;
  help?: string | null;
  options?: OptionNode[];
}

export interface Condition {
  question: string;
  is?: (string | number | boolean)[] | null;
  at_least?: number | null;
  at_most?: number | null;
  is_answered?: boolean | null;
}

export interface ShownExample {
  text: string;
  answer?: string | null;
  note?: string | null;
}

interface QuestionBase {
  name: string;
  label: string;
  help?: string | null;
  required?: boolean;
  when?: Condition[];
  examples?: ShownExample[];
}

export interface ChoiceQuestion extends QuestionBase {
  type: 'choice';
  options: Option[];
}

export interface ChoicesQuestion extends QuestionBase {
  type: 'choices';
  options: Option[];
  min?: number;
  max?: number | null;
}

export interface TaxonomyQuestion extends QuestionBase {
  type: 'taxonomy';
  options: OptionNode[];
  leaves_only?: boolean;
  max?: number;
}

export interface RatingQuestion extends QuestionBase {
  type: 'rating';
  low?: number;
  high?: number;
  low_label?: string | null;
  high_label?: string | null;
  style?: 'scale' | 'stars';
}

export interface NumberQuestion extends QuestionBase {
  type: 'number';
  min?: number | null;
  max?: number | null;
  step?: number | null;
  unit?: string | null;
  integer?: boolean;
  tolerance?: number | null;
}

export interface DateQuestion extends QuestionBase {
  type: 'date';
  precision?: 'year' | 'month' | 'day' | 'minute';
  earliest?: string | null;
  latest?: string | null;
  tolerance_days?: number;
}

export interface TextQuestion extends QuestionBase {
  type: 'text';
  min_length?: number;
  max_length?: number | null;
  multiline?: boolean;
  pattern?: string | null;
  languages?: string[];
}

/** What can be asked about a region, a message or another part of an item. */
export type AttributeQuestion = ChoiceQuestion | ChoicesQuestion | RatingQuestion | NumberQuestion | DateQuestion | TextQuestion;

export interface TextEditQuestion extends QuestionBase {
  type: 'text_edit';
  field: string;
  min_length?: number;
  max_length?: number;
}

interface RegionQuestion extends QuestionBase {
  field: string;
  labels: Option[];
  attributes?: AttributeQuestion[];
}

export interface SpansQuestion extends RegionQuestion {
  type: 'spans';
  discontinuous?: boolean;
}

export interface BoxesQuestion extends RegionQuestion {
  type: 'boxes';
  rotated?: boolean;
}

export interface PolygonsQuestion extends RegionQuestion {
  type: 'polygons';
}

export interface MasksQuestion extends RegionQuestion {
  type: 'masks';
}

export interface KeypointsQuestion extends RegionQuestion {
  type: 'keypoints';
  points: Option[];
  edges?: [string, string][];
}

export interface AudioRegionsQuestion extends RegionQuestion {
  type: 'audio_regions';
  transcript?: boolean;
}

export interface DocumentRegionsQuestion extends RegionQuestion {
  type: 'document_regions';
  kinds?: ('span' | 'box')[];
}

export interface TableCellsQuestion extends RegionQuestion {
  type: 'table_cells';
}

export interface RelationsQuestion extends QuestionBase {
  type: 'relations';
  spans: string;
  labels: Option[];
  symmetric?: string[];
}

export interface RankingQuestion extends QuestionBase {
  type: 'ranking';
  options?: Option[] | null;
  field?: string | null;
  ties?: boolean;
}

export interface BestWorstQuestion extends QuestionBase {
  type: 'best_worst';
  options?: Option[] | null;
  field?: string | null;
}

export interface ComparisonQuestion extends QuestionBase {
  type: 'comparison';
  a: string;
  b: string;
  strength?: number;
  tie?: boolean;
  both_bad?: boolean;
  acceptability?: boolean;
}

export interface MessagesQuestion extends QuestionBase {
  type: 'messages';
  field: string;
  roles?: string[];
  ask: AttributeQuestion[];
}

export type CriterionKind = 'credit' | 'gate' | 'penalty';

export interface Criterion {
  name: string;
  label: string;
  help?: string | null;
  weight?: number;
  kind?: CriterionKind;
  levels?: number;
  /** Whether it can be said that it does not apply. */
  not_applicable?: boolean;
}

export interface RubricQuestion extends QuestionBase {
  type: 'rubric';
  criteria?: Criterion[] | null;
  criteria_field?: string | null;
}

export interface RubricAuthoringQuestion extends QuestionBase {
  type: 'rubric_authoring';
  min_criteria?: number;
  max_criteria?: number;
  kinds?: CriterionKind[];
}

export interface StepsQuestion extends QuestionBase {
  type: 'steps';
  field: string;
  neutral?: boolean;
  stop_at_first_error?: boolean;
}

export type Question =
  | ChoiceQuestion
  | ChoicesQuestion
  | TaxonomyQuestion
  | RatingQuestion
  | NumberQuestion
  | DateQuestion
  | TextQuestion
  | TextEditQuestion
  | SpansQuestion
  | RelationsQuestion
  | RankingQuestion
  | BestWorstQuestion
  | ComparisonQuestion
  | MessagesQuestion
  | RubricQuestion
  | RubricAuthoringQuestion
  | StepsQuestion
  | BoxesQuestion
  | PolygonsQuestion
  | MasksQuestion
  | KeypointsQuestion
  | AudioRegionsQuestion
  | DocumentRegionsQuestion
  | TableCellsQuestion;

export type QuestionType = Question['type'];
export type QuestionOf<T extends QuestionType> = Extract<Question, { type: T }>;

export interface Schema {
  fields: Field[];
  questions: Question[];
}

/** What somebody answered to one question; its form is the question type's. */
export type Answer = string | number | boolean | object;
export type Answers = Record<string, Answer>;
export type Payload = Record<string, unknown>;

/** A stretch of a text in Unicode code points, the end exclusive. */
export interface Span {
  start: number;
  end: number;
  label: string;
  /** Of the stretch's text, so that nobody counts in another text. */
  hash?: string;
  /** The pieces of a stretch that is not in one piece. */
  parts?: [number, number][];
  attributes?: Answers;
}

/** What tells a mark from all others. */
export type SpanEnd = Pick<Span, 'start' | 'end' | 'label'>;

/** How two marks belong together. */
export interface Relation {
  from: SpanEnd;
  to: SpanEnd;
  label: string;
}

/** A picture, a sound or a document: where its bytes are and what they hold. */
export interface Media {
  blob: string;
  media_type: string;
  name: string;
  size: number;
  width?: number;
  height?: number;
  duration_ms?: number;
  sample_rate?: number;
  channels?: number;
  pages?: { width: number; height: number; n_points: number }[];
}
