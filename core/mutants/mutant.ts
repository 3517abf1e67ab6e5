/** One small change to a configuration file: what an operator might have got wrong, or left out. */
export interface Mutant {
  /** `<node>/etc/…` */
  readonly path: string;
  readonly operator: OperatorName;
  /** Line of the change, from 1. */
  readonly line: number;
  /** The text that is changed, and what stands there instead, one line each, for people and for `equivalent.yml`. */
  readonly was: string;
  readonly becomes: string;
  /** The whole file with the change. */
  readonly text: string;
}

export type OperatorName =
  | 'statement-gone'
  | 'element-gone'
  | 'prefix-shorter'
  | 'prefix-longer'
  | 'family-forgotten'
  | 'number-changed'
  | 'order-swapped'
  | 'action-turned';

/** A change of a file: from `start` to `end`, in characters, stands `replacement`. */
export interface Edit {
  readonly operator: OperatorName;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}
