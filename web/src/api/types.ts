/**
 * What travels between the browser and the server, by the names that the app uses.
 *
 * All of it comes from the server's OpenAPI description; only what that leaves open (a schema's questions, answers,
 * payloads) is said more exactly here.
 */
import type { components } from './openapi';
import type { Answer, Answers, Payload, Schema } from './questions';

type Wire = components['schemas'];

export type Role = Wire['Role'];
export type Engagement = Wire['EngagementView'];
export type Me = Wire['Me'];
export type Preferences = Wire['Preferences'];
export type ApiToken = Wire['TokenView'];
export type NewApiToken = Wire['TokenRequest'];
export type Person = Wire['PersonView'];
export type Invitation = Wire['AdmittedView'];
export type OutboxKey = Wire['OutboxKey'];

export interface Page<Row> {
  rows: Row[];
  next: string | null;
}

export interface Rows<Row> {
  rows: Row[];
}

export type * from './questions';

export type ItemOrder = Wire['Order'];
export type Policy = Required<Wire['Policy']>;
export type ProjectCard = Wire['ProjectCard'];
export type ProjectFull = Omit<Wire['ProjectFull'], 'schema' | 'policy'> & { schema: Schema; policy: Policy };

export type QuestionTypeRow = Wire['QuestionTypeRow'];
/** A schema that is being written: its text, its values, and what is wrong with it. */
export type SchemaVerdict = Wire['SchemaVerdict'];
export type SchemaEffects = Wire['SchemaEffects'];

export interface NewProject {
  name: string;
  schema: Schema;
  guideline: string;
  /** What is said here; the rest is as the server chooses. */
  policy: Partial<Policy>;
}

export type Guess = Wire['Guess'];
export type FileFormat = Guess['format'];
export type ImportReport = Wire['ImportReport'];

export type ItemState = 'all' | 'open' | 'certain' | 'uncertain' | 'answered' | 'unanswered' | 'contested' | 'to-review' | 'in-rework' | 'to-adjudicate' | 'settled';
export type ItemSort = 'position' | 'need' | 'confidence' | 'answers' | 'updated' | 'priority' | 'id';

export interface ItemFilter {
  state?: ItemState;
  /** One of the orders, or several such as `answers,-confidence`. */
  sort?: string;
  /** Conditions in the language of filters; see docs/items.md. */
  where?: string;
  direction?: 'asc' | 'desc';
  q?: string;
  label?: string;
}

export type ItemRow = Wire['ItemRow'];
export type ItemPage = Wire['ItemPage'];
export type ItemView = Wire['View'];
export type NewItemView = Required<Wire['NewView']>;
export type Bulk = Wire['Bulk'];
export type BulkKind = Bulk['kind'];
export type NewBulk = Wire['NewBulk'];
export type ItemHistory = Omit<Wire['ItemHistory'], 'item'> & { item: ItemFull };
export type FilterNames = Wire['FilterNames'];
export type Kind = Wire['AnnotatorName']['kind'];
export type Annotation = Omit<Wire['Annotation'], 'answers'> & { answers: Answers };
export type MyAnnotation = Omit<Wire['OwnAnnotation'], 'answers'> & { answers: Answers };
export type ItemFull = Omit<Wire['Item'], 'annotations'> & { annotations: Annotation[] };

export type Versions = Pick<Wire['Lease'], 'schema_version' | 'guideline_version' | 'policy_version'>;
export type Suggestion = Omit<Wire['Suggestion'], 'answers'> & { answers: Answers };
export type Assistance = Wire['Assistance'];
export type Lease = Omit<Wire['Lease'], 'payload' | 'suggestions'> & { payload: Payload; suggestions: Suggestion[] };
export type EmptyReason = Wire['EmptyReason'];
export type Leases = Omit<Wire['Leases'], 'leases'> & { leases: Lease[] };
export type Outcome = Wire['NewAnnotation']['outcome'];
/** Whether an item is answered for the project, or to estimate how good the project is. */
export type Purpose = Wire['NewAnnotation']['purpose'];
/** What an annotation may say beside its answers: breaks, and what became of suggestions. */
type AnnotationNotes = Partial<Pick<Wire['NewAnnotation'], 'break_ms' | 'assistance'>>;
export type AnnotationRequest = Required<Omit<Wire['NewAnnotation'], 'answers' | keyof AnnotationNotes>> & AnnotationNotes & { answers: Answers };
export type Receipt = Wire['Receipt'];
export type ReviewReceipt = Wire['ReviewReceipt'];

/** Why somebody looks at the answers of others. */
export type Look = Exclude<Wire['LeaseRequest']['purpose'], Purpose>;
export type StandingAnswers = Wire['StandingAnswers'];
export type Rework = Wire['Rework'];
export type AskedAgain = Wire['AskedAgain'];
export type NewReview = Wire['NewReview'];
export type Thread = Wire['Thread'];
export type NewThread = Wire['NewThread'];
export type Anchor = Wire['Anchor'];
export type Contest = Wire['Contest'];
export type ContestRows = Wire['ContestRows'];
export type GoldFeedback = Wire['GoldFeedback'];
export type GoldFeedbackRows = Wire['GoldFeedbackRows'];

export type Progress = Wire['Progress'];
export type Measure = Wire['MeasureRow'];
export type Quality = Wire['Quality'];
export type ReviewerRow = Wire['ReviewerRow'];
export type PullRow = Wire['PullRow'];
export type QuestionQuality = Wire['QuestionQuality'];
export type Reliability = Wire['ReliabilityOut'];
export type Skill = Wire['SkillRow'];
export type Suspect = Wire['Suspect'];
export type Spending = Wire['Spending'];
export type SpendingPoint = Wire['SpendingPoint'];
export type Plan = Wire['Plan'];
export type Audit = Wire['AuditOut'];
/** Known answers of an item: given beforehand, or decided by somebody who saw what others had answered. */
export type KnownAnswers = Omit<Wire['NewGold'], 'answers'> & { answers: Answers };
export interface GoldLine {
  /** The item's external id. */
  id: string;
  answers: Record<string, unknown>;
}
export type GoldRow = Omit<Wire['GoldRow'], 'value'> & { value: Answer };
export type GoldReport = Wire['GoldReport'];
export type ReleaseCard = Wire['ReleaseCard'];
export type Release = Wire['ReleaseView'];

export type JobState = Wire['JobState'];
export type Job = Wire['Job'];
export type RefineReport = Wire['RefineCard'];
