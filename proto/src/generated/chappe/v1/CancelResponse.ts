// Original file: chappe/v1/service.proto


export interface CancelResponse {
  /**
   * It was still waiting, and nobody will get it. False: its time has come, it was taken back before, or this sender has
   * sent no such message there.
   */
  'cancelled'?: (boolean);
}

export interface CancelResponse__Output {
  /**
   * It was still waiting, and nobody will get it. False: its time has come, it was taken back before, or this sender has
   * sent no such message there.
   */
  'cancelled': (boolean);
}
