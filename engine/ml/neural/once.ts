/** What is made when it is first asked for; later askers get the same. */
export function once<Asked extends readonly unknown[], Made extends object>(
  make: (...asked: Asked) => Made,
): (...asked: Asked) => Made {
  let made: Made | undefined
  return (...asked) => {
    made ??= make(...asked)
    return made
  }
}
