/** What a line of a sample's transcript is about. */
export type Mark =
  | '#' // a new step begins
  | '→' // something was sent
  | '←' // something came
  | '·' // something was noticed here, without a message
  | '✗'; // something failed, as it was meant to

/** Takes the lines of a transcript. `console.log` will do; the tour gives each mark a colour. */
export type Say = (mark: Mark, text: string) => void;
