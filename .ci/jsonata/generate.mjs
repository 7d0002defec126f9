// Random expressions in JSONata with an input each: every construct and every function of the language, most of them
// well-typed, the rest with arguments that are missing, too many, or of another type.

/** The cases of a seed: `{expression, input}`. */
export function cases(count, seed) {
  const random = new Random(seed);
  return Array.from({length: count}, () => {
    const input = document(random);
    return {expression: new Generator(random).top(), input};
  });
}

class Random {
  constructor(seed) {
    this.state = seed >>> 0;
  }
  fraction() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  below(limit) {
    return Math.floor(this.fraction() * limit);
  }
  one(list) {
    return list[this.below(list.length)];
  }
  chance(share) {
    return this.fraction() < share;
  }
}

const NUMBERS = [0, 1, 2, 3, 5, 7, 10, -1, -2, -7, 0.5, 1.5, 2.5, -0.5, 2.675, 0.125, 12.34, 100, 255, 1000, 1234567, -3.75];
const STRINGS = [
  '', 'a', 'b', 'abc', 'Hello World', 'x,y,,z', ' padded  text ', 'ünï', 'a😀b', '😀😀', '日本語', 'é', '42', '-1.5', '0x1F',
  '1e3', 'true', 'null', 'a/b?c=d&e=f g', '100%', 'aGVsbG8=', 'line\nbreak\ttab', 'quote"back\\slash', '2026-03-04T05:06:07Z', 'ab12cd345',
];

function document(random) {
  const number = () => random.one(NUMBERS);
  const string = () => random.one(STRINGS);
  const list = (most, item) => Array.from({length: random.below(most + 1)}, item);
  const product = () => ({
    sku: random.one(['p1', 'p2', 'p3', 'p4']),
    price: number(),
    qty: random.below(9),
    ...(random.chance(0.7) ? {tags: list(3, () => random.one(['red', 'blue', 'new']))} : {}),
    ...(random.chance(0.6) ? {size: {w: random.below(20), h: number()}} : {}),
    ...(random.chance(0.2) ? {note: null} : {}),
  });
  return {
    n: number(),
    m: number(),
    s: string(),
    t: string(),
    yes: true,
    no: false,
    nothing: null,
    e: '',
    list: list(5, number),
    words: list(4, string),
    mixed: [1, 'a', null, true, [2, 3], {k: 'v'}].slice(random.below(4)),
    nest: list(3, () => list(3, number)),
    none: [],
    object: random.chance(0.8) ? {a: number(), b: string(), c: {d: number(), e: list(2, number)}} : {},
    items: list(4, product),
    orders: list(3, () => ({id: random.one(['o1', 'o2', 'o3']), customer: {name: string(), vip: random.chance(0.5)}, lines: list(3, product)})),
    time: 1772600767735,
    'odd name': number(),
  };
}

const quoted = text => {
  const escaped = JSON.stringify(text).slice(1, -1);
  return text.includes("'") ? `"${escaped}"` : `'${escaped.replaceAll('\\"', '"')}'`;
};
const literal = number => (number < 0 ? `-${Math.abs(number)}` : String(number));

const REGEXES = ['/a/', '/[a-z]+/', '/\\d+/', '/(\\w)(\\w*)/', '/B/i', '/^\\s*|\\s$/', '/l+/', '/,|;/', '/(a)|(b)/', '/[^a-z]/i', '/./', '/\\bab/', '/o\\s/', '/^.*$/m', '/[a-z](?=[0-9])/', '/(?<!a)b/', '/(\\w)\\1/', '/(?:ab)+|c?d/i', '/[^\\s,]+/m', '/^[A-Z]/im', '/a{2,3}|\\d{2}/', '/\\u0041|\\x62/', '/\\W+/', '/[\\d-]+$/'];
const PICTURES = ['0', '0.00', '#,##0.00', '#0.##', '00000', '#,##0', '0%', '#,##0.00;(#,##0.00)', '$#0.00', '0.###', '#.#', '0‰', "#,#,0", '##0.0#'];
const INTEGER_PICTURES = ['1', '01', 'w', 'W', 'Ww', 'I', 'i', 'A', 'a', '#,##0', '0001', 'w;o', '1;o'];
const TIME_PICTURES = ['[Y0001]-[M01]-[D01]', '[H01]:[m01]:[s01]', '[D1o] [MNn] [Y]', '[FNn], [D]/[M]/[Y]', '[h]:[m] [P]', '[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z]', '[W]', '[d001]', '[MNn,3-3] [z]', '[X]-W[W01]-[F1]', '[Y,2-2]/[M]/[D]', '[Y]-[d001]', '[D01][M01][Y0001]', '[Dwo] [MN,3-3] [YI]', '[H]:[m]:[s].[f]', '[FN,*-2] [w] [x] [xNn]', '[[[Y]]] [C]', '[Z0101] [z0]', '[h01][PN]', '[Yw]', '[D1o] of [Mn]', '[Q]', '[DN]', '[Y', '[Y#]', '[Z01:01t] [Zt]', '[f,3-3]'];
const ZONES = ["'+0000'", "'+0530'", "'-0800'", "'-0330'", "'+05:30'", "'+14'"];

class Generator {
  constructor(random) {
    this.random = random;
    this.variables = [];
    this.serial = 0;
    // Whether there is a context that `$` and bare names read.
    this.inside = false;
  }

  top() {
    const depth = 1 + this.random.below(4);
    return this.pick([
      [10, () => this.any(depth)],
      [5, () => this.number(depth)],
      [6, () => this.string(depth)],
      [3, () => this.boolean(depth)],
      [6, () => this.array(depth)],
      [4, () => this.object(depth)],
      [2, () => this.block(depth)],
      [5, () => this.path(depth)],
      [1, () => this.wrong(depth)],
    ]);
  }

  pick(choices) {
    let at = this.random.fraction() * choices.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, make] of choices) {
      at -= weight;
      if (at < 0) return make();
    }
    return choices[0][1]();
  }

  /** A part that is of the type most of the time. */
  part(type, depth) {
    if (this.random.chance(0.04)) type = this.random.one(['number', 'string', 'boolean', 'array', 'object', 'any', 'lambda']);
    if (this.random.chance(0.03)) return this.random.one(['$states.input.missing', 'null', '$gone', '[]', '{}']);
    return this[type](depth - 1);
  }

  any(depth) {
    return this.pick([
      [3, () => this.number(depth)],
      [3, () => this.string(depth)],
      [2, () => this.boolean(depth)],
      [3, () => this.array(depth)],
      [2, () => this.object(depth)],
      [1, () => 'null'],
      [3, () => this.path(depth)],
      [1.5, () => this.conditional('any', depth)],
      [1, () => this.block(depth)],
      [1.5, () => this.calls('any', depth)],
    ]);
  }

  variable(type) {
    const known = this.variables.filter(([, kind]) => kind === type);
    return known.length ? `$${this.random.one(known)[0]}` : undefined;
  }

  root(name) {
    return `$states.input.${name}`;
  }

  number(depth) {
    if (depth <= 0) {
      return this.pick([
        [4, () => literal(this.random.one(NUMBERS))],
        [3, () => this.root(this.random.one(['n', 'm', 'time', '`odd name`', 'object.a']))],
        [2, () => this.variable('number') ?? '4'],
        [this.inside ? 3 : 0, () => this.random.one(['price', 'qty', 'size.w', '$'])],
        [0.3, () => this.random.one(['1e300', '1e15', '9007199254740993', '123456789012', '1e-7', '1/3', '1/0', '0/0'])],
      ]);
    }
    const part = () => this.part('number', depth);
    return this.pick([
      [5, () => `${part()} ${this.random.one(['+', '-', '*', '/', '%'])} ${part()}`],
      [2, () => `(${part()} ${this.random.one(['+', '-', '*', '/', '%'])} ${part()})`],
      [1, () => `-${this.random.one([`(${part()})`, this.root('n'), '3'])}`],
      [8, () => this.calls('number', depth)],
      [1, () => this.conditional('number', depth)],
      [2, () => this.number(0)],
    ]);
  }

  string(depth) {
    if (depth <= 0) {
      return this.pick([
        [4, () => quoted(this.random.one(STRINGS))],
        [3, () => this.root(this.random.one(['s', 't', 'object.b', 'e']))],
        [2, () => this.variable('string') ?? "'v'"],
        [this.inside ? 3 : 0, () => this.random.one(['sku', 'id', 'customer.name', '$'])],
      ]);
    }
    return this.pick([
      [4, () => `${this.part('string', depth)} & ${this.part(this.random.one(['string', 'number', 'any']), depth)}`],
      [10, () => this.calls('string', depth)],
      [1, () => this.conditional('string', depth)],
      [2, () => this.string(0)],
    ]);
  }

  boolean(depth) {
    if (depth <= 0) {
      return this.pick([
        [2, () => 'true'],
        [2, () => 'false'],
        [2, () => this.root(this.random.one(['yes', 'no']))],
        [this.inside ? 2 : 0, () => this.random.one(['price > 2', "'red' in tags", 'size', 'qty = 3'])],
      ]);
    }
    return this.pick([
      [3, () => `${this.part('number', depth)} ${this.random.one(['<', '<=', '>', '>=', '=', '!='])} ${this.part('number', depth)}`],
      [2, () => `${this.part('string', depth)} ${this.random.one(['<', '<=', '>', '>=', '=', '!='])} ${this.part('string', depth)}`],
      [2, () => `${this.part('any', depth)} ${this.random.one(['=', '!='])} ${this.part('any', depth)}`],
      [2, () => `${this.part('any', depth)} in ${this.part('array', depth)}`],
      [3, () => `(${this.part('boolean', depth)} ${this.random.one(['and', 'or'])} ${this.part('any', depth)})`],
      [6, () => this.calls('boolean', depth)],
      [1, () => this.boolean(0)],
    ]);
  }

  array(depth) {
    if (depth <= 0) {
      return this.pick([
        [4, () => this.root(this.random.one(['list', 'words', 'mixed', 'nest', 'none', 'items', 'orders']))],
        [1, () => '[]'],
        [1, () => '[1, 2, 3]'],
        [1, () => "['b', 'a', 'c']"],
        [1, () => `[${this.random.below(4)}..${this.random.below(7)}]`],
        [1, () => this.variable('array') ?? '[[1], [2, 3]]'],
        [this.inside ? 2 : 0, () => this.random.one(['tags', 'lines', 'lines.tags'])],
      ]);
    }
    return this.pick([
      [3, () => `[${this.list(3, () => this.part('any', depth))}]`],
      [1, () => `[${this.end()}..${this.end()}]`],
      [0.7, () => `[${this.end()}..${this.end()}, ${this.part('any', depth)}, ${this.path(depth)}]`],
      [0.5, () => `[${this.path(depth)}[], [${this.path(depth)}], (${this.part('array', depth)})]`],
      [4, () => this.path(depth)],
      [10, () => this.calls('array', depth)],
      [1, () => this.conditional('array', depth)],
      [1, () => this.array(0)],
    ]);
  }

  /** An end of a range: a large one would take long. */
  end() {
    return this.random.one(['0', '1', '3', '-2', '$states.input.items[0].qty', '$count($states.input.list)', '1.5', "'a'", '$states.input.missing', '7', '($count($states.input.words) - 1)', '2e7']);
  }

  object(depth) {
    if (depth <= 0) {
      return this.pick([
        [4, () => this.root(this.random.one(['object', 'items[0]', 'orders[0]', 'object.c']))],
        [1, () => '{}'],
        [1, () => "{'k': 1, 'l': 'x'}"],
        [1, () => this.variable('object') ?? "{'m': [1]}"],
      ]);
    }
    return this.pick([
      [4, () => `{${this.list(3, () => `${this.random.chance(0.9) ? quoted(this.random.one(['k', 'l', 'm', 'n n'])) : this.part('string', depth)}: ${this.part('any', depth)}`)}}`],
      [5, () => this.calls('object', depth)],
      [2, () => this.group(depth)],
      [1.5, () => this.transform(depth)],
      [1, () => this.object(0)],
    ]);
  }

  list(most, make) {
    return Array.from({length: this.random.below(most + 1)}, make).join(', ');
  }

  within(make) {
    const outer = this.inside;
    this.inside = true;
    const made = make();
    this.inside = outer;
    return made;
  }

  conditional(type, depth) {
    const condition = this.part('boolean', depth);
    return this.random.chance(0.8)
      ? `(${condition} ? ${this.part(type, depth)} : ${this.part(type, depth)})`
      : `(${condition} ? ${this.part(type, depth)})`;
  }

  block(depth) {
    const count = 1 + this.random.below(2);
    const outer = this.variables.length;
    const parts = [];
    for (let index = 0; index < count; index++) {
      const type = this.random.one(['number', 'string', 'array', 'object', 'lambda']);
      const name = `v${this.serial++}`;
      parts.push(`$${name} := ${type === 'lambda' ? this.lambda(depth - 1) : this.part(type, depth)}`);
      this.variables.push([name, type]);
    }
    const called = this.variables.filter(([, kind]) => kind === 'lambda');
    parts.push(
      called.length && this.random.chance(0.6)
        ? `$${this.random.one(called)[0]}(${this.list(3, () => this.part('any', depth - 1))})`
        : this.any(depth - 1),
    );
    this.variables.length = outer;
    return `(${parts.join('; ')})`;
  }

  /** A function: written out, named, applied in part, or composed. */
  lambda(depth, types = ['any', 'number', 'array']) {
    return this.pick([
      [8, () => {
        const outer = this.variables.length;
        const names = types.slice(0, 1 + this.random.below(types.length)).map(type => {
          const name = `p${this.serial++}`;
          this.variables.push([name, type]);
          return name;
        });
        const first = `$${names[0]}`;
        const body = this.pick([
          [2, () => first],
          [2, () => this.any(Math.max(depth - 1, 0))],
          [2, () => `${first} & ''`],
          [1, () => `${first} * 2`],
          [1, () => `${first}.price`],
          [1, () => `[${names.map(name => `$${name}`).join(', ')}]`],
          [1, () => `{'v': ${first}}`],
          [1, () => `${first} > 2`],
          [1, () => `$exists(${first})`],
          [1, () => (names.length > 1 ? `${first} + $${names[1]}` : `$string(${first})`)],
        ]);
        this.variables.length = outer;
        const signature = this.random.chance(0.12) ? this.random.one(['<n:n>', '<s-:s>', '<a<n>:n>', '<x?:x>', '<n-n?:n>', '<(ns):s>', '<o:x>', '<a<n>:n>', '<a<s>?:x>', '<s+:s>', '<n?s?:x>', '<xf?:x>', '<j-:s>', '<b:b>', '<l:x>']) : '';
        return `${this.random.chance(0.9) ? 'function' : 'λ'}(${names.map(name => `$${name}`).join(', ')})${signature} { ${body} }`;
      }],
      [2, () => `$${this.random.one(['string', 'number', 'boolean', 'not', 'length', 'uppercase', 'count', 'sum', 'exists', 'type', 'keys', 'trim', 'floor', 'abs', 'reverse', 'sqrt', 'lowercase', 'merge', 'substring', 'round', 'append', 'join', 'pad', 'max'])}`],
      [1, () => this.random.one(["$substring(?, 0, 2)", "$append(?, 1)", "$join(?, '-')", '$power(?, 2)', "$contains(?, 'a')", "$replace(?, 'a', ?)", '$round(?, 1)', "$split(?, ',')", "$pad(?, 5, '#')"])],
      [0.7, () => `(${this.random.one(['$uppercase', '$trim', '$string'])} ~> ${this.random.one(['$length', '$lowercase', "$substring(?, 1)"])})`],
      [0.2, () => this.random.one(REGEXES)],
      [0.8, () => this.closure(depth)],
    ]);
  }

  /** A function made by a function, or by itself. */
  closure(depth) {
    const value = this.part('any', Math.max(depth - 1, 1));
    return this.random.one([
      `(function($x) { function($y) { [$x, $y] } })(${value})`,
      `($k := ${value}; function($y) { $k = $y ? $y : $k })`,
      `(function($f) { function($y) { $f($f($y)) } })(function($z) { $string($z) & '.' })`,
      `($r := function($n) { $n > 3 ? $n : $r($n + 1) }; function($y) { $r($type($y) = 'number' ? $y : 0) })`,
      `($g := function($a, $b) { {'a': $a, 'b': $b} }; $g(?, ${value}))`,
      `(function($a, $b, $c) { [$c, $b, $a] })(?, ${value}, ?)`,
      `(function($y) { $y } ~> $string ~> function($s) { $s & ${quoted('!')} })`,
    ]);
  }

  /** A path, with predicates, wildcards, parents, sorting, grouping and binding. */
  path(depth) {
    return this.pick([
      [6, () => this.steps(depth)],
      [1.5, () => this.random.one([
        '$states.input.orders.lines.sku', '$states.input.orders.lines.tags', '$states.input.**.price', '$states.input.*', '$states.input.object.*',
        '$states.input.orders.*.name', '$states.input.**.sku[0]', '$states.input.nest[0]', '$states.input.nest.$[0]', '$states.input.nest[][0]', '$states.input.items.size.*',
        '$states.input.orders.lines[0].sku', '$states.input.(orders.lines)[0].sku', '$states.input.orders.lines[-1]', '$states.input.items.tags[]', '$states.input.mixed.k',
        "$states.input.orders.customer[vip].name", '$states.input.list[[0..1]]', '$states.input.list[[0, -1]]', '$states.input.nest.$', '$states.input.nest.*', "$states.input.'odd name'",
        '$states.input.items.tags.$uppercase($)', '$states.input.**[0]', '$states.input.none[0]', '$states.input.items.{sku: price}', '$states.input.items.[sku, price]',
      ])],
      [1.5, () => this.parents(depth)],
      [1.2, () => this.bound(depth)],
      [1, () => this.group(depth)],
    ]);
  }

  steps(depth) {
    let text = this.pick([
      [4, () => this.root(this.random.one(['items', 'orders', 'orders.lines', 'list', 'words', 'nest', 'object', 'mixed']))],
      [1, () => `(${this.part('array', depth)})`],
      [1, () => `[${this.list(3, () => this.part('any', depth))}]`],
      [0.5, () => `{'k': ${this.part('any', depth)}}`],
    ]);
    const count = this.random.below(3);
    for (let index = 0; index <= count; index++) {
      text += this.within(() => this.pick([
        [3, () => `.${this.random.one(['sku', 'price', 'qty', 'tags', 'size', 'lines', 'id', 'customer', 'a', 'c', 'k', 'size.w', '*', '**', '$'])}`],
        [2, () => `[${this.random.one(['0', '-1', '1', '1.9', '-2', '10'])}]`],
        [2, () => `[${this.boolean(depth - 1)}]`],
        [0.5, () => `[${this.any(depth - 1)}]`],
        [1, () => '[]'],
        [1.5, () => `.(${this.any(depth - 1)})`],
        [1, () => `.{${quoted('k')}: ${this.any(depth - 1)}}`],
        [1, () => `.[${this.any(depth - 1)}]`],
        [1, () => `.$${this.random.one(['string()', 'sum(price)', 'count()', 'uppercase(sku)', 'substring(1)', 'keys()', 'number()', 'string($)', 'length()', 'type($)', "contains('a')", "split(',')", 'boolean()', 'floor()', "pad(4)", "substringBefore('b')", 'abs()', 'not($)', 'exists(price)', 'spread()', 'formatBase(2)'])}`],
        [1.5, () => `^(${this.list(1, () => this.order())}${this.order()})`.replace(/\)(?=[<>])/, '), ').replace(/(\w)([<>$a-z]+)?\)$/, '$&')],
      ]));
    }
    return text;
  }

  order() {
    return this.random.one(['price', '>price', '<qty', 'sku', '>sku', 'size.w', '$', '>$']);
  }

  parents(depth) {
    return this.random.one([
      '$states.input.orders.lines.{"o": %.id, "s": sku}', '$states.input.orders.lines.%.id', '$states.input.orders.lines[price > 1].(%.id & sku)', '$states.input.items.tags.%.sku',
      '$states.input.orders.lines.size.%.%.id', '$states.input.orders.lines.tags.(%.sku & $)', '$states.input.orders.customer.%.id', '$states.input.(orders.lines).%.id',
      '$states.input.orders.lines[%.id = "o1"].sku', '$states.input.orders.lines^(%.id).sku', '$states.input.orders.lines{%.id: sku}', '$states.input.orders.(lines.sku).%', '$states.input.orders.lines.(sku & %.customer.name)',
      '$states.input.orders.lines.size.{"w": w, "o": %.%.customer.vip}', '$states.input.orders[0].lines.%.id',
      '$states.input.orders.lines[%.customer.vip].sku', '$states.input.orders.*.%.id', '$states.input.orders.lines[size][%.id != "o2"].%.id', '$states.input.orders.lines.(size.w + %.qty)', '$states.input.orders.lines.tags[% .sku = "p1"]',
      '$states.input.orders.(lines[qty > 1]).%.id', '$states.input.orders.lines^(>%.id, sku).(%.id & sku)', '$states.input.orders@$o.lines.{"o": $o.id, "p": %.id}', '$states.input.orders.lines#$i.{"i": $i, "p": %.id}', '$states.input.orders.{"l": lines.{"o": %.id}}',
      '$states.input.orders.lines.%.%.orders.id', '$states.input.**.sku.%.price', '$states.input.orders.customer[%.id = "o1"].%.lines.sku',
    ]);
  }

  bound(depth) {
    return this.random.one([
      '$states.input.orders@$o.lines@$l.{"i": $o.id, "s": $l.sku}', '$states.input.items#$i.{"i": $i, "s": sku}', '$states.input.items#$i[$i > 0].sku', '$states.input.orders#$i.lines#$j.[$i, $j]',
      '$states.input.items@$a.$states.input.list@$b.($a.sku & $b)', '$states.input.items@$x[$x.price > 1].sku', '$states.input.list#$i.($ * $i)', '$states.input.items^(price)#$i.($i & sku)', '$states.input.orders.lines#$k[$k = 0].sku',
      '$states.input.items#$i^(>price).$i', '$states.input.orders@$o.lines.($o.id & sku)', '$states.input.items@$i{$i.sku: $i.price}',
      '$states.input.orders@$o[$o.customer.vip].lines@$l[$l.qty > 1].[$o.id, $l.sku]', '$states.input.orders#$i[0].lines#$j.{"i": $i, "j": $j}', '$states.input.items[price > 1]#$i.{"i": $i, "s": sku}', '$states.input.items@$a.$states.input.items@$b[$a.sku = $b.sku].($a.price * $b.qty)',
      '$states.input.orders.lines@$l#$i.{"i": $i, "s": $l.sku}', '$states.input.items@$x#$i[$i = 0].$x.sku', '$states.input.items#$i.tags#$j.($i & "/" & $j & $)', '$states.input.orders.lines#$i{sku: $i}', '$states.input.orders@$o.lines@$l{$o.id: $l.sku}', '($states.input.items)#$i.($i & sku)', '$states.input.items^(>price)[0]#$i.[$i, sku]', '$states.input.orders@$o.$o.lines.sku',
    ]);
  }

  group(depth) {
    const source = this.random.one(['$states.input.items', '$states.input.orders.lines', '$states.input.orders', '$states.input.words', `(${this.part('array', depth)})`]);
    return source + this.within(() => `{${this.random.one(['sku', 'id', '$string($)', "'all'", 'price', '$'])}: ${this.random.one(['price', '$sum(price)', '$count($)', 'sku', '$', this.any(depth - 1), '{"p": price}', '[$]'])}}`);
  }

  transform(depth) {
    const source = this.random.one(['$states.input', '$states.input.object', '$states.input.items', this.part('object', depth)]);
    return source + ' ~> ' + this.within(() => this.random.one([
      "|items|{'price': price * 2}|", "|**[price]|{'seen': true}, 'sku'|", "|c|{'d': 9}|", "|$|{'x': 1}, ['a', 'b']|", "|orders.lines|{'total': price * qty}, 'tags'|", "|items|{}, ['price']|", "|$|{}|", '|$|1|', "|items|{'x': 1}, 5|", "|missing|{'x': 1}|",
      "|lines|{'n': qty + 1, 'size': {'w': price}}|", "|*[qty > 2]|{'big': true, 'qty': 0}, ['tags', 'size']|", "|items.size|{'area': w * h}|", "|orders|{'first': lines[0].sku, 'lines': []}|", "|**[sku]|{'copy': {'of': sku}}|", "|items^(price)[0]|{'cheapest': true}|", "|$|$merge([$, {'m': $count($keys($))}])|", "|(items; orders)|{'k': $string(id)}, 'id'|",
    ]));
  }

  /** A call, of a function that gives the type. */
  calls(type, depth) {
    const [name, ...types] = this.random.one(FUNCTIONS[type]);
    let parts = types.map(type => this.argument(type, depth));
    // Arguments may end early, be one too many, or be out of order.
    if (this.random.chance(0.05)) parts = parts.slice(0, -1);
    if (this.random.chance(0.03)) parts.push(this.part('any', depth));
    if (this.random.chance(0.02)) parts.reverse();
    if (parts.length && this.random.chance(0.12)) {
      const [first, ...rest] = parts;
      const call = rest.length || this.random.chance(0.5) ? `$${name}(${rest.join(', ')})` : `$${name}`;
      return `(${first} ~> ${call})`;
    }
    return `$${name}(${parts.join(', ')})`;
  }

  argument(type, depth) {
    switch (type) {
      case 'regex': return this.random.one(REGEXES);
      case 'pattern': return this.random.chance(0.4) ? this.random.one(REGEXES) : this.random.one(["'a'", "','", "' '", "'l'", "''", "'😀'", "'.'"]);
      case 'separator': return this.random.one(["','", "''", "' '", "'😀'", "'-'", "'ab'"]);
      case 'position': return this.random.one(['0', '1', '2', '-1', '-3', '1.5', '-1.5', '10', '-10', '3', '1e10', '0.5', '2.9', '-0.5', '$states.input.n']);
      case 'limit': return this.random.one(['0', '1', '2', '2.5', '10', '-1', '0.5', '-0.5', '$states.input.m']);
      case 'small': return this.random.one(['0', '1', '2', '3', '-1', '-2', '1.5', '4', '-5', '$states.input.n']);
      case 'radix': return this.random.one(['2', '8', '10', '16', '36', '1', '37', '2.5', '16.5']);
      case 'picture': return quoted(this.random.one(PICTURES));
      // jsonata-js never ends where a picture with an exponent gets zero or less.
      case 'positive': return this.random.one(['1', '12.34', '0.00125', '123456']);
      case 'exponent': return this.random.one(["'0.0e0'", "'00.00e00'"]);
      case 'integerPicture': return quoted(this.random.one(INTEGER_PICTURES));
      case 'timePicture': return quoted(this.random.one(TIME_PICTURES));
      case 'zone': return this.random.one(ZONES);
      case 'time': return this.random.one(['0', '1772600767735', '1.9', '-1', '951782400000', '$states.input.time', '-86400000.5']);
      case 'timestamp': return this.random.one(["'2026-03-04T05:06:07Z'", "'2026-03-04'", "'04032026'", "'26/3/4'", "'5:06:07.8'", "'2026-063'", "'4th of march'", "'fourth MAR MMXXVI'", "'05PM'", "'two thousand and one'", "'2026-03-04T24:00:00Z'", "'2026-13-01'", "'2026-03-04T05:06:07.735+05:30'", "'2026'", "'2026-03'", "'x'", "'2026-03-04T05:06'", "'2026-02-30'", "$states.input.s", "'2026-03-04T05:06:07.735987Z'"]);
      case 'numeral': return this.random.one(["'42'", "'0x1F'", "'0b101'", "'0o17'", "'.5'", "'5.'", "' 12 '", "'1e3'", "'-1.5'", "''", "'1e999'", "'Infinity'", "'+1'", "'1_000'", "'-0'", "'007'", 'true', 'false', 'null', '$states.input.s', '[1]', "'-0x10'", "'1e-3'", "'1E5'"]);
      case 'replacement': return this.random.one(["'-'", "''", "'$0'", "'<$1>'", "'$$'", "'$2$1'", "'$10'", "'$x'", 'function($m) { $uppercase($m.match) }', 'function($m) { $m.groups[0] }', '$string', 'function($m) { 1 }']);
      case 'url': return this.random.one(["'a b&c=d/e?f'", "'https://example.com/ä?q=1 2#x'", "'😀'", "'a+b%20c'", "';,/?:@&=+$-_.!~*()#'", "'\"<>[]^`{|}'", this.part('string', depth)]);
      case 'encoded': return this.random.one(["'a%20b'", "'%E6%97%A5'", "'a%2Fb'", "'plain'", "'%F0%9F%98%80'", "'%3F%26'"]);
      case 'base64': return this.random.one(["'aGVsbG8='", "'eA=='", "'8J+YgA=='", "''", "'YWI='"]);
      case 'numbers': return this.random.one(['$states.input.list', '[3, 1, 2]', '$states.input.items.price', '$states.input.items.qty', '[]', '5', '[1..5]', '$states.input.nest', this.part('array', depth), '$map($states.input.list, function($v) { $v * 2 })']);
      case 'strings': return this.random.one(['$states.input.words', "['b', 'a']", '$states.input.items.sku', '[]', "'x'", '$split($states.input.s, ",")', this.part('array', depth)]);
      case 'objects': return this.random.one(['$states.input.items', "[{'a': 1}, {'b': 2}]", '$states.input.object', '[]', '{}', '$states.input.items.size', this.part('array', depth)]);
      case 'list': return this.part('array', depth);
      case 'predicate': return this.lambda(depth - 1);
      case 'comparator': return this.random.one(['function($l, $r) { $l > $r }', 'function($l, $r) { $l.price > $r.price }', 'function($l, $r) { $string($l) < $string($r) }', 'function($l, $r) { true }', 'function($l, $r) { false }']);
      case 'reducer': return this.random.one(['function($a, $v) { $a + $v }', 'function($a, $v) { $a & $v }', 'function($a, $v, $i) { [$a, $i] }', '$append', 'function($a, $v, $i, $l) { $count($l) }', 'function($a) { $a }', '$max', 'function($a, $v) { $v }', '$power']);
      case 'key': return this.random.one(["'a'", "'sku'", "'price'", "'k'", "'missing'"]);
      case 'options': return this.random.one(["{'decimal-separator': ',', 'grouping-separator': '.'}", "{'minus-sign': '~'}", "{'per-cent': 'pc'}", '{}']);
      case 'shuffled': return `$shuffle(${this.part('array', depth)})`;
      case 'message': return this.random.one(["'why'", "''", '$states.input.s']);
      default: return this.part(type, depth);
    }
  }

  /** What is likely no expression. */
  wrong(depth) {
    const whole = this.any(depth);
    return this.pick([
      [3, () => whole.slice(0, this.random.below(whole.length))],
      [2, () => whole.slice(0, this.random.below(whole.length)) + this.random.one(['(', ')', '[', ']', '{', '}', ',', ';', '?', ':', '~>', '..', '@', '#', '%', '|', '^', '/', '&', '!', '??', '?:', ':=', '"', "'", '`', '\\'])],
      [2, () => this.random.one(['1 ?? 2', "'a' ?: 'b'", '[1, 2', '{"a": 1', '(1', '1 +', '* + 1', '/[/', '/a', '//', '/(/', '/a/x', '[1, 2 3]', '{"a" 1}', 'function($x { 1 }', 'function(x) { 1 }', '1 := 2', '$x := ', "'abc", '"\\u12"', '"\\q"', '1 2', '$states.input.list[', '%', '@', 'a@b', '$states.input.list@x', '$states.input.list#1', '1 ~> 2', '1.2.3', '..', '[..]', '[1..]', '$states.input ~> |a|', '`abc', '!', '1 ! 2', '/* x', '1 /* c */ + 1', 'and', 'or + 1', 'in', '$states.input.list^(', '$states.input.list^()', '$states.input.list^(<)', '{}{}', '[]{}{}', '$states.input.items{sku: 1}{sku: 2}', '$states.input.items{sku: 1}[0]', '$(1)', '$states.input.(1', '1e400', '1e', '0x10', '01', '.5', '5.', '$sum(1', '$sum(,)', '$sum(1,)', '[1,]', '{"a": 1,}', '(1;)', '(;1)', '()', 'function() { }', '?', '$states.input.n ? 1 : ', '-', '--1', '-"a"', "'a' & ", '&', 'null.a', 'true.a', '1.a', '"a".b', 'function($x)<n { 1 }', 'function($x)<n:n { 1 }', 'function($x)<z:n> { 1 }', 'function($x)<n<s>:n> { 1 }', 'function($x)<(a<n>s):n> { 1 }'])],
    ]);
  }
}

const FUNCTIONS = {
  number: [
    ['sum', 'numbers'], ['max', 'numbers'], ['min', 'numbers'], ['average', 'numbers'], ['count', 'list'], ['count', 'any'], ['length', 'string'], ['number', 'numeral'], ['number', 'any'],
    ['abs', 'number'], ['floor', 'number'], ['ceil', 'number'], ['round', 'number'], ['round', 'number', 'small'], ['power', 'number', 'small'], ['sqrt', 'number'],
    ['parseInteger', 'string', 'integerPicture'], ['toMillis', 'timestamp'], ['toMillis', 'timestamp', 'timePicture'], ['reduce', 'numbers', 'reducer'], ['reduce', 'numbers', 'reducer', 'number'],
  ],
  string: [
    ['string', 'any'], ['string', 'any', 'boolean'], ['string', 'array'], ['substring', 'string', 'position'], ['substring', 'string', 'position', 'position'], ['substringBefore', 'string', 'separator'], ['substringAfter', 'string', 'separator'],
    ['uppercase', 'string'], ['lowercase', 'string'], ['trim', 'string'], ['pad', 'string', 'position'], ['pad', 'string', 'small', 'separator'], ['join', 'strings'], ['join', 'strings', 'separator'],
    ['replace', 'string', 'pattern', 'replacement'], ['replace', 'string', 'pattern', 'replacement', 'limit'], ['base64encode', 'string'], ['base64decode', 'base64'],
    ['encodeUrl', 'url'], ['encodeUrlComponent', 'url'], ['decodeUrl', 'encoded'], ['decodeUrlComponent', 'encoded'], ['formatNumber', 'number', 'picture'], ['formatNumber', 'number', 'picture', 'options'],
    ['formatNumber', 'positive', 'exponent'], ['formatBase', 'number'], ['formatBase', 'number', 'radix'], ['formatInteger', 'number', 'integerPicture'], ['fromMillis', 'time'], ['fromMillis', 'time', 'timePicture'], ['fromMillis', 'time', 'timePicture', 'zone'], ['type', 'any'],
    ['error', 'message'], ['assert', 'boolean', 'message'],
  ],
  boolean: [
    ['contains', 'string', 'pattern'], ['boolean', 'any'], ['not', 'any'], ['exists', 'any'], ['exists', 'path'], ['boolean', 'array'],
  ],
  array: [
    ['split', 'string', 'pattern'], ['split', 'string', 'pattern', 'limit'], ['split', 'string', 'separator'], ['match', 'string', 'regex'], ['match', 'string', 'regex', 'limit'], ['append', 'array', 'any'], ['append', 'any', 'array'],
    ['sort', 'numbers'], ['sort', 'strings'], ['sort', 'list', 'comparator'], ['reverse', 'list'], ['distinct', 'list'], ['zip', 'list', 'list'], ['zip', 'list', 'list', 'list'],
    ['keys', 'object'], ['keys', 'objects'], ['spread', 'object'], ['spread', 'any'], ['each', 'object', 'predicate'], ['map', 'list', 'predicate'], ['map', 'list', 'predicate'], ['filter', 'list', 'predicate'], ['lookup', 'objects', 'key'],
    ['map', 'any', 'predicate'], ['filter', 'any', 'predicate'],
  ],
  object: [
    ['merge', 'objects'], ['sift', 'object', 'predicate'], ['spread', 'object'], ['lookup', 'object', 'key'],
  ],
  any: [
    ['lookup', 'any', 'key'], ['single', 'list', 'predicate'], ['reduce', 'list', 'reducer'], ['reduce', 'list', 'reducer', 'any'], ['map', 'any', 'predicate'], ['filter', 'any', 'predicate'], ['append', 'any', 'any'], ['count', 'shuffled'],
  ],
};
