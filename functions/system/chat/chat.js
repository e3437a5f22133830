// src/chat/inline.ts
var e = /[!-/:-@[-`{-~]/, t = /[\p{L}\p{N}_]/u, n = /^(?:https?:\/\/|mailto:)[^\s<>"]+$/i, r = /https?:\/\/[^\s<>"`]{1,2000}/iy, i = /<((?:https?:\/\/|mailto:)[^\s<>]+)>/iy, a = /\(\s*<?([^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)>?(?:\s+(?:"[^"]{0,500}"|'[^']{0,500}'))?\s*\)/y, o = 1e3;
function s(e) {
	let t = e.trim();
	return t.length <= 4e3 && n.test(t) ? t : null;
}
function c(e, t = 0) {
	return t > 16 ? [{
		kind: "text",
		text: e
	}] : new l(e, t).parts();
}
var l = class {
	at = 0;
	plain = "";
	found = [];
	open = /* @__PURE__ */ new Set();
	text;
	depth;
	constructor(e, t) {
		this.text = e, this.depth = t;
	}
	parts() {
		for (; this.at < this.text.length;) {
			let e = this.text.charAt(this.at);
			this.special(e) || (this.plain += e, this.at++);
		}
		return this.flush(), this.found;
	}
	special(e) {
		switch (e) {
			case "\\": return this.escape();
			case "\n": return this.push({ kind: "break" }, this.at + 1), !0;
			case "`": return this.code();
			case "*":
			case "_":
			case "~": return this.emphasis(e);
			case "!": return this.text.charAt(this.at + 1) === "[" && this.link(!0);
			case "[": return this.link(!1);
			case "<": return this.angle();
			case "h":
			case "H": return this.bare();
			default: return !1;
		}
	}
	escape() {
		let t = this.text.charAt(this.at + 1);
		return e.test(t) ? (this.plain += t, this.at += 2, !0) : !1;
	}
	code() {
		let e = d(this.text, this.at);
		if (this.open.has(e)) return this.asIs(e);
		let t = this.text.indexOf(e, this.at + e.length);
		for (; t !== -1 && d(this.text, t).length !== e.length;) t = this.text.indexOf(e, t + d(this.text, t).length);
		if (t === -1) return this.open.add(e), this.asIs(e);
		let n = this.text.slice(this.at + e.length, t).replaceAll("\n", " "), r = /^ .*\S.* $/.test(n) ? n.slice(1, -1) : n;
		return this.push({
			kind: "code",
			text: r
		}, t + e.length), !0;
	}
	emphasis(e) {
		let n = d(this.text, this.at), r = n.slice(0, 2).length === 2 ? n.slice(0, 2) : e;
		if (e === "~" && r.length < 2) return !1;
		let i = this.text.charAt(this.at - 1);
		if (!/\S/.test(this.text.charAt(this.at + n.length)) || e === "_" && t.test(i) || this.open.has(r)) return this.asIs(n);
		let a = this.at + r.length, o = this.closing(r, a);
		if (o === -1) return this.open.add(r), this.asIs(n);
		let s = e === "~" ? "del" : r.length === 2 ? "strong" : "em";
		return this.push({
			kind: s,
			children: c(this.text.slice(a, o), this.depth + 1)
		}, o + r.length), !0;
	}
	closing(e, n) {
		let r = e.charAt(0);
		for (let i = n; i < this.text.length; i++) {
			let a = this.text.charAt(i);
			if (a === "\\") i++;
			else if (a === "`") i = ee(this.text, i) - 1;
			else if (a === r) {
				let a = d(this.text, i), o = e.length === 2 ? a.length >= 2 : a.length !== 2, s = i > n && /\S/.test(this.text.charAt(i - 1)), c = r === "_" && t.test(this.text.charAt(i + a.length));
				if (o && s && !c) return i + a.length - e.length;
				i += a.length - 1;
			}
		}
		return -1;
	}
	link(e) {
		let t = this.at + (e ? 2 : 1), n = te(this.text, t);
		if (n === -1) return !1;
		a.lastIndex = n + 1;
		let r = a.exec(this.text), i = r && s(r[1] ?? "");
		if (!r || !i) return !1;
		let o = this.text.slice(t, n), l = e ? u(o) : c(o, this.depth + 1).filter(({ kind: e }) => e !== "link");
		return this.push({
			kind: "link",
			href: i,
			picture: e,
			children: l.length ? l : u(i)
		}, a.lastIndex), !0;
	}
	angle() {
		i.lastIndex = this.at;
		let e = i.exec(this.text), t = e && s(e[1] ?? "");
		return t ? (this.push({
			kind: "link",
			href: t,
			picture: !1,
			children: u(t)
		}, i.lastIndex), !0) : !1;
	}
	bare() {
		if (t.test(this.text.charAt(this.at - 1))) return !1;
		r.lastIndex = this.at;
		let e = r.exec(this.text)?.[0];
		if (!e) return !1;
		let n = e.replace(/[.,;:!?'"*_~\]]+$/, "");
		return n.endsWith(")") && !n.includes("(") && (n = n.replace(/\)+[.,;:!?]*$/, "")), s(n) ? (this.push({
			kind: "link",
			href: n,
			picture: !1,
			children: u(n)
		}, this.at + n.length), !0) : !1;
	}
	asIs(e) {
		return this.plain += e, this.at += e.length, !0;
	}
	push(e, t) {
		this.flush(), this.found.push(e), this.at = t;
	}
	flush() {
		this.plain && this.found.push({
			kind: "text",
			text: this.plain
		}), this.plain = "";
	}
}, u = (e) => e ? [{
	kind: "text",
	text: e
}] : [];
function d(e, t) {
	let n = t;
	for (; n < e.length && e.charAt(n) === e.charAt(t);) n++;
	return e.slice(t, n);
}
function ee(e, t) {
	let n = d(e, t), r = e.indexOf(n, t + n.length);
	return r === -1 || r - t > o ? t + n.length : r + n.length;
}
function te(e, t) {
	let n = 1;
	for (let r = t; r < e.length && r - t <= o; r++) {
		let t = e.charAt(r);
		if (t === "\\") r++;
		else if (t === "[") n++;
		else if (t === "]" && --n === 0) return r;
	}
	return -1;
}
// src/chat/markdown.ts
var f = /^ {0,3}(`{3,}(?!.*`)|~{3,})(.*)$/, p = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/, m = /^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$/, h = /^ {0,3}>[ \t]?/, g = /^( *)([-*+]|\d{1,9}[.)])(?:[ \t]+|$)/, ne = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/, _ = 12;
function re(e) {
	return new y(e.replaceAll("\r\n", "\n").replaceAll("	", "    ").split("\n"), 0).written();
}
function v(e) {
	let t = e.slice(e.lastIndexOf("\n\n") + 1);
	return (e.match(/^ {0,3}(```|~~~)/gm)?.length ?? 0) % 2 == 1 ? e : t.split("`").length % 2 == 0 ? `${e}\`` : t.replaceAll(/`[^`]*`/g, "").split("**").length % 2 == 0 && /[^\s*]$/.test(e) ? `${e}**` : e;
}
var y = class {
	at = 0;
	lines;
	depth;
	constructor(e, t) {
		this.lines = e, this.depth = t;
	}
	written() {
		let e = [];
		for (; this.at < this.lines.length;) {
			if (this.line().trim() === "") {
				this.at++;
				continue;
			}
			let t = this.at, n = this.block();
			e.push({
				block: n,
				source: this.lines.slice(t, this.at).join("\n")
			});
		}
		return e;
	}
	line(e = this.at) {
		return this.lines[e] ?? "";
	}
	block() {
		let e = this.line(), t = f.exec(e);
		if (t) return this.code(t[1] ?? "", t[2]?.trim().split(/\s/)[0] ?? "");
		let n = p.exec(e);
		if (n) return this.at++, {
			kind: "heading",
			level: n[1]?.length ?? 1,
			children: c(ie(n[2] ?? ""))
		};
		if (m.test(e)) return this.at++, { kind: "rule" };
		if (this.depth < _) {
			if (h.test(e)) return this.quote();
			if (g.test(e)) return this.list();
		}
		return this.isTable() ? this.table() : this.paragraph();
	}
	code(e, t) {
		let n = [], r = this.line().search(/\S/);
		for (this.at++; this.at < this.lines.length; this.at++) {
			let t = this.line().trim();
			if (t.length >= e.length && t === e.charAt(0).repeat(t.length)) {
				this.at++;
				break;
			}
			n.push(this.line().replace(RegExp(`^ {0,${r}}`), ""));
		}
		return {
			kind: "code",
			language: t,
			text: n.join("\n")
		};
	}
	quote() {
		let e = [];
		for (; this.at < this.lines.length && (h.test(this.line()) || this.line().trim() !== "" && !this.begins());) e.push(this.line().replace(h, "")), this.at++;
		return {
			kind: "quote",
			blocks: x(e, this.depth)
		};
	}
	list() {
		let e = g.exec(this.line()), t = e?.[1]?.length ?? 0, n = b(e?.[2] ?? ""), r = [];
		for (; this.at < this.lines.length;) {
			let e = g.exec(this.line());
			if (!e || b(e[2] ?? "") !== n || (e[1]?.length ?? 0) > t + 1 || m.test(this.line())) break;
			r.push(x(this.item(e[0].length, t), this.depth));
		}
		return {
			kind: "list",
			start: n === "number" ? Number.parseInt(e?.[2] ?? "1", 10) : null,
			items: r
		};
	}
	item(e, t) {
		let n = [this.line().slice(e)];
		for (this.at++; this.at < this.lines.length; this.at++) {
			let r = this.line(), i = r.search(/\S/);
			if (i === -1) {
				let e = this.line(this.at + 1);
				if (e.search(/\S/) < t + 2) {
					g.test(e) && this.at++;
					break;
				}
				n.push("");
			} else if (i >= t + 2) n.push(r.slice(Math.min(i, e)));
			else if (this.begins()) break;
			else n.push(r);
		}
		return n;
	}
	isTable() {
		let e = this.line(this.at + 1);
		return this.line().includes("|") && e.includes("-") && ne.test(e);
	}
	table() {
		let e = S(this.line());
		this.at += 2;
		let t = [];
		for (; this.at < this.lines.length && this.line().includes("|");) {
			let n = S(this.line());
			t.push(e.map((e, t) => n[t] ?? [])), this.at++;
		}
		return {
			kind: "table",
			head: e,
			rows: t
		};
	}
	paragraph() {
		let e = [];
		do
			e.push(this.line().trim()), this.at++;
		while (this.at < this.lines.length && this.line().trim() !== "" && !this.begins() && !this.isTable());
		return {
			kind: "paragraph",
			children: c(e.join("\n"))
		};
	}
	begins() {
		let e = this.line();
		return this.depth < _ && (h.test(e) || g.test(e)) || f.test(e) || p.test(e) || m.test(e);
	}
};
function ie(e) {
	let t = e.trimEnd().length;
	for (; t > 0 && e.charAt(t - 1) === "#";) t--;
	return t === 0 || e.charAt(t - 1) === " " ? e.slice(0, t).trim() : e.trim();
}
var b = (e) => /\d/.test(e) ? "number" : e, x = (e, t) => new y(e, t + 1).written().map(({ block: e }) => e);
function S(e) {
	return e.trim().replace(/^\|/, "").replace(/(?<!\\)\|$/, "").split(/(?<!\\)\|/).map((e) => c(e.trim().replaceAll("\\|", "|")));
}
// src/chat/draw.ts
var C = /* @__PURE__ */ new WeakMap(), ae = [
	"h2",
	"h3",
	"h4"
];
function w(e, t, n) {
	let r = re(t), i = C.get(e) ?? [], a = 0;
	for (; a < r.length && i[a] === r[a]?.source;) a++;
	for (; e.children.length > a;) e.lastChild?.remove();
	for (let { block: t } of r.slice(a)) e.append(E(t, n));
	C.set(e, r.map(({ source: e }) => e));
}
function T(e, t = "", ...n) {
	let r = document.createElement(e);
	return t && (r.className = t), r.append(...n), r;
}
function E(e, t) {
	let n = (e) => e.map((e) => D(e, t));
	switch (e.kind) {
		case "paragraph": return O(T("p", "", ...n(e.children)));
		case "heading": return O(T(ae[Math.min(e.level, 3) - 1] ?? "h4", "", ...n(e.children)));
		case "code": {
			let t = T("pre", "", T("code", "", e.text));
			return t.tabIndex = 0, t;
		}
		case "rule": return T("hr");
		case "quote": return O(T("blockquote", "", ...e.blocks.map((e) => E(e, t))));
		case "list": return oe(e, t);
		case "table": {
			let t = T("tr", "", ...e.head.map((e) => O(T("th", "", ...n(e))))), r = e.rows.map((e) => T("tr", "", ...e.map((e) => O(T("td", "", ...n(e)))))), i = T("div", "table", O(T("table", "", T("thead", "", t), T("tbody", "", ...r))));
			return i.tabIndex = 0, i;
		}
	}
}
function oe(e, t) {
	let n = e.items.map((e) => T("li", "", ...e.flatMap((e, n) => e.kind === "paragraph" && n === 0 ? e.children.map((e) => D(e, t)) : [E(e, t)])));
	if (e.start === null) return O(T("ul", "", ...n));
	let r = T("ol", "", ...n);
	return r.start = e.start, O(r);
}
function D(e, t) {
	switch (e.kind) {
		case "text": return document.createTextNode(e.text);
		case "code": return T("code", "", e.text);
		case "break": return T("br");
		case "link": {
			let n = T("a", "", ...e.picture ? [`${t}: `] : [], ...e.children.map((e) => D(e, t)));
			return n.href = e.href, n.target = "_blank", n.rel = "noopener noreferrer nofollow", n.title = e.href, n;
		}
		default: return T(e.kind, "", ...e.children.map((e) => D(e, t)));
	}
}
function O(e) {
	return e.dir = "auto", e;
}
// src/chat/page/types.ts
var k = ({ state: e }) => e === "running" || e === "waiting", se = class {
	element;
	steps = T("ol", "steps");
	words = T("div", "theirs");
	state = T("p", "state");
	tools = T("div", "tools");
	texts;
	again;
	constructor(e, t, n) {
		this.texts = t, this.again = n, this.steps.setAttribute("aria-label", this.text("works"));
		let r = T("div", "mine", T("span", "away", `${this.text("you")}: `));
		if (e.text) {
			let t = T("div", "words", e.text);
			t.dir = "auto", r.append(t);
		}
		if (e.files.length > 0) {
			let t = e.files.map(({ fileName: e }) => T("li", "", T("bdi", "", e)));
			r.append(T("ul", "files", ...t));
		}
		let i = T("div", "", this.steps, this.words, this.state, this.tools);
		this.element = T("div", "turn", r, i);
	}
	show(e) {
		switch (this.steps.hidden = e.steps.length === 0 || !k(e), this.steps.replaceChildren(...ce(e)), w(this.words, e.answer ?? v(e.coming), this.text("picture")), this.words.setAttribute("aria-busy", String(k(e))), this.state.hidden = !1, this.state.className = "state", e.state) {
			case "running":
				this.state.replaceChildren(...e.coming ? [] : [le(this.text("works"))]), this.state.hidden = e.coming !== "";
				break;
			case "waiting":
				this.state.replaceChildren(this.text("waits"));
				break;
			case "answered":
				this.state.hidden = !!e.answer, this.state.replaceChildren(this.text("noAnswer"));
				break;
			case "failed":
				this.wrong(this.text("failed"));
				break;
			case "stopped": this.state.replaceChildren(this.text("stopped"), this.retry());
		}
		this.offer(e);
	}
	wrong(e) {
		this.steps.hidden = !0, this.state.hidden = !1, this.state.className = "state wrong", this.state.replaceChildren(e, this.retry());
	}
	offer(e) {
		if (e.state !== "answered" || !e.answer) {
			this.tools.replaceChildren();
			return;
		}
		let t = e.answer, n = T("button", "quiet", this.text("copy"));
		n.type = "button", n.onclick = async () => {
			await ue(t), n.textContent = this.text("copied"), setTimeout(() => {
				n.textContent = this.text("copy");
			}, 2e3);
		}, this.tools.replaceChildren(n);
	}
	retry() {
		let e = T("button", "quiet", this.text("again"));
		return e.type = "button", e.onclick = this.again, e;
	}
	text(e) {
		return this.texts[e] ?? "";
	}
};
function ce(e) {
	return e.steps.map(({ name: e, state: t }) => T("li", t, T("bdi", "", e)));
}
function le(e) {
	let t = T("span", "dots", T("i"), T("i"), T("i"));
	return t.setAttribute("role", "img"), t.setAttribute("aria-label", e), t;
}
async function ue(e) {
	try {
		await navigator.clipboard.writeText(e);
	} catch {
		let t = T("textarea");
		t.value = e, t.className = "away", document.body.append(t), t.select(), document.execCommand("copy"), t.remove();
	}
}
// src/chat/page/log.ts
var A = 80, de = class {
	log = j("log");
	down = T("button", "icon");
	said = j("said");
	follows = !0;
	texts;
	constructor(e) {
		this.texts = e, this.down.id = "down", this.down.type = "button", this.down.textContent = "↓", this.down.hidden = !0, this.down.setAttribute("aria-label", e.toEnd ?? ""), this.down.onclick = () => this.toEnd(), j("chat").append(this.down), this.log.onscroll = () => {
			this.follows = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < A, this.down.hidden = this.follows;
		}, new ResizeObserver(() => this.settle()).observe(this.log);
	}
	begin(e, t) {
		this.log.replaceChildren();
		let n = T("div", "theirs");
		w(n, e.greeting, this.texts.picture ?? "");
		let r = T("div", "suggestions");
		r.setAttribute("role", "group"), r.setAttribute("aria-label", this.texts.suggested ?? "");
		for (let n of e.suggestions) {
			let e = T("button", "", n);
			e.type = "button", e.dir = "auto", e.onclick = () => t(n), r.append(e);
		}
		let i = T("div", "first", n, ...e.suggestions.length > 0 ? [r] : []);
		(e.greeting || e.suggestions.length > 0) && this.log.append(i), this.follows = !1, this.log.scrollTop = 0;
	}
	begun() {
		this.log.querySelector(".suggestions")?.remove();
	}
	add(e, t) {
		let n = new se(e, this.texts, t);
		return this.log.append(n.element), this.follows = !0, this.settle(), n;
	}
	remove(e) {
		e.element.remove();
	}
	settle() {
		this.follows && (this.log.scrollTop = this.log.scrollHeight);
	}
	toEnd() {
		this.follows = !0, this.down.hidden = !0, this.settle(), this.log.focus();
	}
	say(e) {
		this.said.textContent = "", setTimeout(() => {
			this.said.textContent = e;
		}, 50);
	}
};
function j(e) {
	return document.getElementById(e);
}
// src/chat/page/compose.ts
var fe = class {
	form = j("ask");
	text = j("text");
	sendButton = j("send");
	stopButton = j("stop");
	attach = j("attach");
	chosen = j("chosen");
	trouble = j("trouble");
	files = [];
	busy = !1;
	texts;
	constructor(e, t, n) {
		this.texts = e, this.form.onsubmit = (e) => {
			e.preventDefault(), this.submit(t);
		}, this.stopButton.onclick = n, this.text.oninput = () => this.fit(), this.text.onkeydown = (e) => {
			e.key !== "Enter" || e.shiftKey || e.isComposing || e.keyCode === 229 || (e.preventDefault(), this.submit(t));
		}, this.takeFiles();
	}
	show(e) {
		let t = e.placeholder || this.texts.write || "";
		if (this.text.placeholder = t, this.text.setAttribute("aria-label", t), this.text.maxLength = e.mostCharacters, this.attach.hidden = e.files === null, e.files) {
			let t = this.input();
			t.accept = e.files.accept.join(","), t.multiple = e.files.most > 1;
		}
		this.form.hidden = !1, this.fit();
	}
	hide() {
		this.form.hidden = !0;
	}
	set answering(e) {
		let t = document.activeElement === this.sendButton || document.activeElement === this.stopButton;
		this.busy = e, this.sendButton.hidden = e, this.stopButton.hidden = !e, t && (e ? this.stopButton : this.text).focus();
	}
	restore(e, t) {
		this.text.value.trim() || this.files.length > 0 || (this.text.value = e, this.files = t, this.list(), this.fit());
	}
	focus() {
		this.text.focus();
	}
	say(e) {
		this.trouble.textContent = e;
	}
	submit(e) {
		let t = this.text.value.trim();
		if (this.busy) {
			this.say(this.texts.stillAnswering ?? "");
			return;
		}
		if (!t && this.files.length === 0) return;
		let { files: n } = this;
		this.text.value = "", this.files = [], this.say(""), this.list(), this.fit(), e(t, n);
	}
	takeFiles() {
		let e = this.input();
		e.onchange = () => {
			this.add([...e.files ?? []]), e.value = "";
		}, this.text.onpaste = (e) => {
			let t = [...e.clipboardData?.files ?? []];
			this.attach.hidden || t.length === 0 || (e.preventDefault(), this.add(t));
		}, document.ondragover = (e) => e.preventDefault(), document.ondrop = (e) => {
			e.preventDefault(), this.attach.hidden || this.add([...e.dataTransfer?.files ?? []]);
		};
	}
	add(e) {
		this.files = [...this.files, ...e], this.list(), this.focus();
	}
	list() {
		let e = this.files.map((e) => {
			let t = T("button", "quiet", "×");
			return t.type = "button", t.setAttribute("aria-label", `${this.texts.close}: ${e.name}`), t.onclick = () => {
				this.files = this.files.filter((t) => t !== e), this.list(), this.focus();
			}, T("li", "", T("bdi", "", e.name), t);
		});
		this.chosen.replaceChildren(...e.length > 0 ? [T("ul", "files", ...e)] : []);
	}
	input() {
		return this.attach.querySelector("input");
	}
	fit() {
		this.text.style.height = "auto", this.text.style.height = `${this.text.scrollHeight}px`;
	}
}, M = class extends Error {
	status;
	constructor(e, t) {
		super(t), this.status = e;
	}
}, pe = class {
	token;
	given;
	constructor(e) {
		this.given = e, this.token = me(this.key);
	}
	get known() {
		return this.token !== null;
	}
	async enter(e = {}) {
		let t = JSON.stringify(e), { token: n, shown: r } = await this.ask("session", {
			method: "POST",
			body: t,
			headers: { "content-type": "application/json" }
		});
		return this.keep(n), r;
	}
	async talk() {
		let e = await this.ask("talk");
		return this.keep(e.token), e;
	}
	send(e, t, n) {
		let r = new FormData();
		r.set("messageId", e), r.set("text", t);
		for (let e of n) r.append("file", e);
		return this.ask("send", {
			method: "POST",
			body: r
		});
	}
	turn(e, t, n) {
		let r = new URLSearchParams({
			source: e.source,
			at: String(e.coming.length)
		});
		return t && r.set("tag", e.tag), this.ask(`turn/${e.id}?${r}`, { signal: n });
	}
	stop(e) {
		return this.ask(`stop/${e}`, { method: "POST" });
	}
	live(e) {
		return this.ask(`live/${e}`, { method: "POST" });
	}
	forget() {
		this.token = null;
		try {
			localStorage.removeItem(this.key);
		} catch {}
	}
	get key() {
		return `stepweave.chat.${this.given.place}`;
	}
	keep(e) {
		this.token = e;
		try {
			localStorage.setItem(this.key, e);
		} catch {}
	}
	async ask(e, t = {}) {
		let n = new Headers(t.headers);
		this.token && n.set("x-chat-session", this.token);
		let r;
		try {
			r = await fetch(`${this.given.place}/~${e}`, {
				...t,
				headers: n,
				credentials: "omit"
			});
		} catch (e) {
			throw t.signal?.aborted ? e : new M(0, this.given.texts.offline ?? "");
		}
		let i = await r.json().catch(() => null);
		if (r.ok && i !== null) return i;
		let a = i?.detail;
		throw new M(r.status, typeof a == "string" ? a : this.given.texts.away ?? "");
	}
};
function me(e) {
	try {
		return localStorage.getItem(e);
	} catch {
		return null;
	}
}
// src/chat/page/follow.ts
var N = [
	2e3,
	4e3,
	8e3,
	15e3,
	3e4
], he = 25e3, P = 4e3, F = [
	500,
	1e3,
	2e3,
	5e3,
	1e4
];
function I(e, t, n, r) {
	let i = new AbortController(), a = new ye();
	return _e(e, t.id, a, i.signal), L(e, t, n, r, a, i.signal).finally(() => i.abort()), () => i.abort();
}
async function L(e, t, n, r, i, a) {
	let o = t, s = 0, c = 0;
	for (; !a.aborted && k(o);) try {
		let t = performance.now(), l = ge(o, await e.turn(o, !i.works, a));
		if (a.aborted || (c > 0 && r(null), c = 0, s = l.tag === o.tag ? s + 1 : 0, o = l, n(l), !k(l))) return;
		i.works ? await i.rung(N[Math.min(s, N.length - 1)] ?? 0, a) : performance.now() - t < 300 && await i.rung(300, a);
	} catch (e) {
		if (a.aborted) return;
		let t = e instanceof M ? e : new M(0, "");
		if (t.status !== 0 && t.status < 500 && t.status !== 429) {
			r(t);
			return;
		}
		c++ > 1 && r(t), await i.rung(F[Math.min(c, F.length) - 1] ?? 0, a);
	}
}
function ge(e, t) {
	return t.from > 0 ? {
		...t,
		coming: e.coming.slice(0, t.from) + t.coming
	} : t;
}
async function _e(e, t, n, r) {
	for (let i = 0; !r.aborted && i < 3; i++) {
		try {
			let { ticket: a, channel: o } = await e.live(t);
			await ve(a, o, n, r) && (i = 0);
		} catch {}
		n.works = !1, n.ring(), await new Promise((e) => setTimeout(e, F[i] ?? 0));
	}
}
function ve(e, t, n, r) {
	return new Promise((i) => {
		let a = new URL(`/live?ticket=${encodeURIComponent(e)}`, location.href);
		a.protocol = a.protocol.replace("http", "ws");
		let o = new WebSocket(a), s = () => o.send(JSON.stringify({
			action: "subscribe",
			channel: t
		})), c = setTimeout(() => o.close(), P), l;
		o.onopen = () => {
			s(), l = setInterval(s, he);
		}, o.onmessage = () => {
			clearTimeout(c), n.works = !0, n.ring();
		}, o.onclose = () => {
			clearTimeout(c), clearInterval(l), r.removeEventListener("abort", u), i(n.works);
		};
		let u = () => o.close();
		r.addEventListener("abort", u);
	});
}
var ye = class {
	works = !1;
	rang = !1;
	wake = null;
	ring() {
		this.rang = !0, this.wake?.();
	}
	async rung(e, t) {
		!this.rang && !t.aborted && await new Promise((n) => {
			let r = setTimeout(n, e), i = () => {
				clearTimeout(r), n();
			};
			this.wake = i, t.addEventListener("abort", i, { once: !0 });
		}), this.rang = !1, this.wake = null;
	}
};
// src/chat/page/gate.ts
function be(e, t) {
	return e.access === "password" ? xe(e, t) : Se(e, t);
}
function xe({ texts: e }, t) {
	return new Promise((n) => {
		let r = T("input");
		r.type = "password", r.autocomplete = "current-password", r.required = !0, r.id = "password";
		let i = T("label", "", e.password ?? "");
		i.htmlFor = "password";
		let a = T("p", "state wrong");
		a.setAttribute("role", "alert");
		let o = T("button", "button", e.enter ?? ""), s = T("form", "", i, r, a, o), c = z(s);
		s.onsubmit = async (i) => {
			i.preventDefault(), o.disabled = !0, a.textContent = "";
			try {
				let e = await t.enter({ password: r.value });
				c.remove(), n(e);
			} catch (t) {
				a.textContent = t instanceof M ? t.message : e.away ?? "", o.disabled = !1, r.select();
			}
		}, r.focus();
	});
}
var R = "stepweave.chat.verifier";
async function Se({ texts: e, place: t, app: n }, r) {
	let i = /^#entry=([\w.-]+)$/.exec(location.hash)?.[1];
	if (i) {
		history.replaceState(null, "", location.pathname + location.search);
		let e = we();
		try {
			return await r.enter({
				code: i,
				verifier: e
			});
		} catch (e) {
			if (!(e instanceof M) || e.status !== 401) throw e;
		}
	}
	let a = T("a", "button", e.logIn ?? "");
	return a.href = `${n}/chat-entry?${new URLSearchParams({
		chat: t.replace(/^\/chat\//, ""),
		challenge: await Ce()
	})}`, a.target = "_top", z(T("p", "", e.membersOnly ?? ""), a), new Promise(() => void 0);
}
function z(...e) {
	let t = T("div", "gate", ...e);
	return j("log").append(t), t;
}
async function Ce() {
	let e = B(crypto.getRandomValues(/* @__PURE__ */ new Uint8Array(32)));
	return sessionStorage.setItem(R, e), B(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(e))));
}
function we() {
	let e = sessionStorage.getItem(R) ?? "";
	return sessionStorage.removeItem(R), e;
}
var B = (e) => btoa(String.fromCharCode(...e)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", ""), V = JSON.parse(j("given").textContent ?? ""), { texts: H } = V, U = new pe(V), W = new de(H), G = new fe(H, (e, t) => void Q(e, t), () => void De()), K = j("new"), q = null, J = V.shown;
K.onclick = () => {
	q?.end(), q = null, U.forget(), G.answering = !1, G.say(""), Y();
};
async function Y() {
	let e = [];
	if (U.known) try {
		({shown: J, turns: e} = await U.talk());
	} catch (e) {
		if (!(e instanceof M) || e.status !== 401) throw e;
		U.forget();
	}
	if (!U.known && V.access !== "public" && (G.hide(), W.begin({
		greeting: "",
		placeholder: "",
		suggestions: [],
		files: null,
		mostCharacters: 0
	}, () => void 0), J = await be(V, U)), J) {
		G.show(J), W.begin(J, (e) => void Q(e, []));
		for (let t of e) X(t);
		K.hidden = e.length === 0, matchMedia("(pointer: coarse)").matches || G.focus();
	}
}
function X(e, t = [], n) {
	W.begun(), K.hidden = !1;
	let r = n ?? W.add(e, () => void $(r, e.text, t));
	r.show(e), W.settle(), k(e) && (G.answering = !0, q = {
		turn: e,
		entry: r,
		end: I(U, e, (e) => {
			r.show(e), W.settle(), q?.entry === r && (q.turn = e), k(e) || Z(e);
		}, (e) => {
			G.say(e?.message ?? ""), (e?.status === 401 || e?.status === 404) && Z(null);
		})
	});
}
function Z(e) {
	q = null, G.answering = !1, e && W.say(Te(e));
}
function Te(e) {
	return e.state === "answered" ? e.answer ? `${H.answerIs}: ${e.answer}` : H.noAnswer ?? "" : (e.state === "stopped" ? H.stopped : H.failed) ?? "";
}
async function Q(e, t, n) {
	if (q) return;
	let r = crypto.randomUUID?.() ?? [...crypto.getRandomValues(/* @__PURE__ */ new Uint32Array(4))].join("-"), i = {
		text: e,
		files: t.map(({ name: e, size: t }) => ({
			fileName: e,
			size: t
		}))
	}, a = n ?? W.add(i, () => void $(a, e, t));
	W.begun(), K.hidden = !1, a.show({
		id: "",
		tag: "",
		state: "running",
		answer: null,
		coming: "",
		from: 0,
		source: "",
		steps: []
	}), W.settle(), G.answering = !0, W.say(H.works ?? "");
	try {
		U.known || await U.enter(), X(await Ee(r, e, t), t, a);
	} catch (n) {
		G.answering = !1;
		let r = n instanceof M ? n : new M(0, H.away ?? "");
		r.status === 401 && (U.forget(), G.say(r.message), V.access !== "public" && location.reload()), r.status === 422 || r.status === 413 || r.status === 409 ? (W.remove(a), G.restore(e, t), G.say(r.message), G.focus()) : a.wrong(r.message);
	}
}
async function Ee(e, t, n) {
	try {
		return await U.send(e, t, n);
	} catch (r) {
		if (!(r instanceof M) || r.status !== 0 && r.status < 500) throw r;
		return await new Promise((e) => setTimeout(e, 1e3)), U.send(e, t, n);
	}
}
async function $(e, t, n) {
	q ? G.say(H.stillAnswering ?? "") : (W.remove(e), G.say(""), G.focus(), await Q(t, n));
}
async function De() {
	let e = q;
	if (e) try {
		let t = await U.stop(e.turn.id);
		e.end(), e.entry.show(t), Z(t), G.focus();
	} catch (e) {
		G.say(e instanceof M ? e.message : H.away ?? "");
	}
}
Y().catch((e) => {
	G.say(e instanceof M && e.message ? e.message : H.away ?? "");
});
