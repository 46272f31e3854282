/** The program will not do what it was asked, and says why. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}
