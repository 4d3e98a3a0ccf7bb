/** What travels between the browser and the server. Times are whole microseconds UTC; ids are texts. */

export type Role = 'owner' | 'manager' | 'annotator' | 'auditor';

export interface Engagement {
  vault: string;
  client_name: string;
  role: Role;
}

export interface Me {
  person_id: string;
  name: string;
  email: string | null;
  has_password: boolean;
  engagements: Engagement[];
  version: string;
}

export interface Page<Row> {
  rows: Row[];
  next: string | null;
}

export interface Rows<Row> {
  rows: Row[];
}

export interface ApiToken {
  id: string;
  name: string;
  prefix: string;
  vault: string;
  role: Role;
  created_at: number;
  expires_at: number | null;
  last_used_at: number | null;
}

export interface NewApiToken {
  id: string;
  token: string;
}

export interface Person {
  person_id: string;
  name: string;
  email: string | null;
  role: Role;
  created_at: number;
}

export interface Invitation {
  person_id: string;
  sign_in_link: string;
}

export interface OutboxKey {
  key: string;
  key_id: string;
}

export interface Field {
  name: string;
  type: 'text';
  label?: string | null;
}

export interface Option {
  value: string;
  label: string;
  help?: string | null;
  key?: string | null;
}

interface QuestionBase {
  name: string;
  label: string;
  help?: string | null;
  required?: boolean;
}

export interface ChoiceQuestion extends QuestionBase {
  type: 'choice';
  options: Option[];
}

export interface SpansQuestion extends QuestionBase {
  type: 'spans';
  field: string;
  labels: Option[];
}

export type Question = ChoiceQuestion | SpansQuestion;

export interface Schema {
  fields: Field[];
  questions: Question[];
}

export interface Span {
  start: number;
  end: number;
  label: string;
}

export type Answer = string | Span[];
export type Answers = Record<string, Answer>;

export type ItemOrder = 'need' | 'sequence' | 'random';

export interface Policy {
  overlap: number;
  order: ItemOrder;
  only_uncertain: boolean;
  target_confidence: number;
  lease_minutes: number;
}

export interface Project {
  id: string;
  slug: string;
  name: string;
  state: 'active' | 'archived';
  created_at: number;
  schema_version: number;
  guideline_version: number;
  policy_version: number;
}

export interface ProjectCard extends Project {
  n_items: number;
  n_certain: number;
  n_answered: number;
  n_need_people: number;
  latest_release: string | null;
}

export interface ProjectFull extends Project {
  schema: Schema;
  guideline: string;
  policy: Policy;
}

export interface NewProject {
  name: string;
  schema: Schema;
  guideline?: string;
  policy?: Partial<Policy>;
}

export type FileFormat = 'csv' | 'jsonl' | 'json';

export interface Column {
  name: string;
  n_filled: number;
  mean_length: number;
  examples: string[];
}

export interface Guess {
  format: FileFormat;
  columns: Column[];
  text_column: string;
  id_column: string | null;
  rows: Record<string, unknown>[];
  delimiter: string | null;
  charset: string;
}

export interface ImportReport {
  n_read: number;
  n_accepted: number;
  n_duplicate: number;
  n_changed: number;
  n_rejected: number;
  rejected: { line: number; reason: string }[];
}

export type ItemState = 'all' | 'open' | 'certain' | 'uncertain' | 'answered' | 'unanswered' | 'contested';
export type ItemSort = 'position' | 'need' | 'confidence' | 'answers' | 'updated';

export interface ItemFilter {
  state?: ItemState;
  sort?: ItemSort;
  direction?: 'asc' | 'desc';
  q?: string;
  label?: string;
}

export interface ItemRow {
  id: string;
  external_id: string;
  title: string;
  position: number;
  n_people: number;
  n_models: number;
  confidence: number | null;
  consensus: Record<string, unknown> | null;
  is_contested: boolean;
  updated_at: number;
}

export interface ItemPage extends Page<ItemRow> {
  total: number | null;
}

export interface Consensus {
  question: string;
  value: unknown;
  confidence: number | null;
  agreement: number | null;
  n_answers: number;
  method: string;
}

export type Kind = 'person' | 'model';
export type Outcome = 'answered' | 'skipped';
export type Payload = Record<string, unknown>;

export interface Annotation {
  id: string;
  item_id: string;
  annotator: { id: string; kind: Kind; name: string; version: string | null };
  outcome: Outcome;
  reason: string | null;
  answers: Answers;
  created_at: number;
  schema_version: number;
  guideline_version: number;
  policy_version: number;
  supersedes: string | null;
  is_late: boolean;
  leaf_seq: number;
}

export interface ItemFull extends Omit<ItemRow, 'consensus'> {
  payload: Payload;
  consensus: Consensus[];
  annotations: Annotation[];
}

export interface MyAnnotation extends Annotation {
  title: string;
}

export interface Versions {
  schema_version: number;
  guideline_version: number;
  policy_version: number;
}

export interface Lease extends Versions {
  id: string;
  item_id: string;
  external_id: string;
  leased_until: number;
  payload: Payload;
  why: { text: string; n_answers: number; confidence: number | null };
  suggestions: unknown[];
}

export interface EmptyReason {
  text: string;
  counts: { n_items: number; answered_by_you: number; in_flight: number; certain: number; finished: number };
}

export interface Leases {
  leases: Lease[];
  empty: EmptyReason | null;
}

export interface AnnotationRequest extends Versions {
  id: string;
  item_id: string;
  lease_id: string | null;
  outcome: Outcome;
  reason: string | null;
  answers: Answers;
  active_ms: number;
  supersedes: string | null;
}

export interface Receipt {
  annotation_id: string;
  item_id: string;
  content_sha256: string;
  leaf_seq: number;
  leaf_hash: string;
  stored_at: number;
  is_late: boolean;
  is_duplicate: boolean;
  log_origin: string;
  signature: string;
  key_id: string;
}

export interface Interval {
  low: number | null;
  high: number | null;
}

export interface Progress {
  n_items: number;
  n_answered: number;
  n_certain: number;
  n_need_people: number;
  n_in_release: number;
  n_annotations: number;
  n_people_annotations: number;
  confidence_histogram: number[];
  target_confidence: number;
  not_finished: { reason: string; n: number; text: string; filter: { state?: ItemState } | null }[];
  annotators: {
    id: string;
    kind: Kind;
    name: string;
    version: string | null;
    n_answers: number;
    agreement: number | null;
  }[];
  measures: (Interval & { question: string; name: string; value: number | null; n: number; note: string })[];
  accuracy: Interval & { estimate: number | null; n: number; text: string };
  inferred_at: number | null;
  is_inference_pending: boolean;
}

export interface ReleaseCard {
  version: string;
  created_at: number;
  n_items: number;
  content_root: string;
  accuracy_text: string;
}

export interface Certificate {
  title: string;
  summary: string;
  n_items: number;
  n_answered: number;
  who: { kind: Kind; name: string; version: string | null; n_answers: number }[];
  agreement: (Interval & { question: string; name: string; value: number | null; text: string })[];
  accuracy: Interval & { text: string; estimate: number | null; n: number };
  known_limits: string[];
  recipe: Record<string, unknown> | null;
  schema_version: number;
  guideline_version: number;
  policy_version: number;
  content_root: string;
  log: { origin: string; size: number; root: string };
  created_at: number;
  signed_by: string;
}

export interface Release {
  version: string;
  created_at: number;
  certificate: Certificate;
  envelope_key_id: string;
  key_fingerprint: string;
  files: { name: string; size_bytes: number; sha256: string }[];
  verify_commands: string[];
  changes: { n_added: number; n_removed: number; n_changed: number; since: string | null };
}

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

export interface Job {
  id: string;
  kind: 'run' | 'refine' | 'infer' | 'release' | 'annotate';
  title: string;
  project_id: string | null;
  state: JobState;
  done: number;
  total: number | null;
  message: string;
  result: Record<string, unknown> | null;
  error: { code: string; detail: string } | null;
  created_at: number;
  started_at: number | null;
  finished_at: number | null;
}

export interface RefineReport {
  name: string;
  created_at: number;
  n_read: number;
  n_kept: number;
  n_dropped: number;
  n_failed: number;
}
