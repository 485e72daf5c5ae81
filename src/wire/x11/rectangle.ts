/** A rectangle in pixels; x and y are of its upper left corner (X Window System Protocol, Common Types, RECTANGLE). */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
