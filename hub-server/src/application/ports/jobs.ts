/** For which moment each job of the hub was done last. */
export interface JobsPort {
  done(name: string): Promise<number | null>;
  finish(input: { readonly name: string; readonly due: number }): Promise<null>;
}
