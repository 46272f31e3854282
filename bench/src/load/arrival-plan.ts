/** What the program that receives a load is to do. */
export interface ArrivalPlan {
  readonly router: string;
  /** Receiver that the tool sends to. */
  readonly receiver: string;
  readonly bodyBytes: number;
}
