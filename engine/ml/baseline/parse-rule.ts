/**
 * A business rule in a small language: comparisons `column operator value` joined by `and` and `or` (`and` binds
 * tighter), with parentheses. Operators: = != < <= > >=, `is missing`, `is present`. A column is a bare word or stands
 * in [brackets]; a value is a number, a bare word, or text in quotes.
 */
export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>='

export interface Comparison {
  readonly kind: 'comparison'
  readonly column: string
  readonly operator: Operator
  readonly value: string
}
export type Rule =
  | Comparison
  | { readonly kind: 'missing'; readonly column: string; readonly missing: boolean }
  | { readonly kind: 'and'; readonly parts: readonly Rule[] }
  | { readonly kind: 'or'; readonly parts: readonly Rule[] }

/** The rule, or why it could not be read and where (character position from 0). */
export type ParsedRule =
  | { readonly rule: Rule; readonly error?: undefined }
  | { readonly rule?: undefined; readonly error: string; readonly position: number }

interface Token {
  readonly kind: 'word' | 'column' | 'text' | 'operator' | '(' | ')'
  readonly text: string
  readonly position: number
}

class RuleError extends Error {
  readonly position: number
  constructor(message: string, position: number) {
    super(message)
    this.position = position
  }
}

export function parseRule(source: string): ParsedRule {
  try {
    const tokens = tokenize(source)
    const { rule, next } = parseAlternatives(tokens, 0, source.length)
    const rest = tokens[next]
    if (rest) throw new RuleError(`"${rest.text}" is not expected here; join comparisons with and, or`, rest.position)
    return { rule }
  } catch (error) {
    if (error instanceof RuleError) return { error: error.message, position: error.position }
    throw error
  }
}

const pattern =
  /\s+|\[(?<column>[^\]]*)\]|"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<operator><=|>=|!=|<>|==|=|<|>)|(?<bracket>[()])|(?<word>[^\s[\]"'<>=!()]+)/uy

function tokenize(source: string): Token[] {
  const tokens: Token[] = []
  for (let position = 0; position < source.length; ) {
    pattern.lastIndex = position
    const groups = pattern.exec(source)?.groups
    if (!groups) throw new RuleError(`"${source[position]}" starts nothing that is understood`, position)
    const { column, double, single, operator, bracket, word } = groups
    if (column !== undefined) tokens.push({ kind: 'column', text: column, position })
    else if (double !== undefined || single !== undefined)
      tokens.push({ kind: 'text', text: (double ?? single)!, position })
    else if (operator !== undefined) tokens.push({ kind: 'operator', text: operator, position })
    else if (bracket !== undefined) tokens.push({ kind: bracket as '(' | ')', text: bracket, position })
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, position })
    position = pattern.lastIndex
  }
  return tokens
}

interface Parsed {
  readonly rule: Rule
  readonly next: number
}

const isWord = (token: Token | undefined, word: string) => token?.kind === 'word' && token.text.toLowerCase() === word

function parseJoined(
  kind: 'and' | 'or',
  part: (tokens: readonly Token[], at: number, end: number) => Parsed,
  tokens: readonly Token[],
  at: number,
  end: number,
): Parsed {
  const first = part(tokens, at, end)
  const parts = [first.rule]
  let next = first.next
  while (isWord(tokens[next], kind)) {
    const following = part(tokens, next + 1, end)
    parts.push(following.rule)
    next = following.next
  }
  return { rule: parts.length === 1 ? first.rule : { kind, parts }, next }
}

const parseAlternatives = (tokens: readonly Token[], at: number, end: number): Parsed =>
  parseJoined('or', parseConjunction, tokens, at, end)
const parseConjunction = (tokens: readonly Token[], at: number, end: number): Parsed =>
  parseJoined('and', parseComparison, tokens, at, end)

function parseComparison(tokens: readonly Token[], at: number, end: number): Parsed {
  const token = tokens[at]
  if (token?.kind === '(') {
    const inner = parseAlternatives(tokens, at + 1, end)
    if (tokens[inner.next]?.kind !== ')') throw new RuleError('a closing parenthesis is missing', end)
    return { rule: inner.rule, next: inner.next + 1 }
  }
  if (!token || token.kind === ')' || token.kind === 'operator')
    throw new RuleError('a column name is missing', token?.position ?? end)
  const column = token.text
  const operator = tokens[at + 1]
  if (isWord(operator, 'is')) return parseMissing(column, tokens, at + 2, end)
  if (operator?.kind !== 'operator')
    throw new RuleError(`an operator (= != < <= > >=) is missing after ${column}`, operator?.position ?? end)
  const value = tokens[at + 2]
  if (!value || value.kind === '(' || value.kind === ')' || value.kind === 'operator')
    throw new RuleError(`a value is missing after ${column} ${operator.text}`, value?.position ?? end)
  return {
    rule: { kind: 'comparison', column, operator: canonicalOperator(operator.text), value: value.text },
    next: at + 3,
  }
}

function parseMissing(column: string, tokens: readonly Token[], at: number, end: number): Parsed {
  const missing = isWord(tokens[at], 'missing')
  if (!missing && !isWord(tokens[at], 'present'))
    throw new RuleError(`"missing" or "present" is expected after ${column} is`, tokens[at]?.position ?? end)
  return { rule: { kind: 'missing', column, missing }, next: at + 1 }
}

function canonicalOperator(text: string): Operator {
  if (text === '==') return '='
  return text === '<>' ? '!=' : (text as Operator)
}

/** The columns a rule looks at, each once, in order of appearance. */
export function ruleColumns(rule: Rule): string[] {
  if (rule.kind === 'and' || rule.kind === 'or') return [...new Set(rule.parts.flatMap(ruleColumns))]
  return [rule.column]
}
