/** Notes what is wrong on a line. */
export type Report = (line: number, text: string) => void;
