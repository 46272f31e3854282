// Original file: chappe/v1/batch.proto

import type { Record as _chappe_v1_Record, Record__Output as _chappe_v1_Record__Output } from '../../chappe/v1/Record.ts';

export interface Records {
  'record'?: (_chappe_v1_Record)[];
}

export interface Records__Output {
  'record': (_chappe_v1_Record__Output)[];
}
