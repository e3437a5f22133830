"""Makes HTML of Markdown, or Markdown of HTML, for each item."""

from functions.nodes.data.markdown.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Entry, Step
from stepweave.runtime.item_files import file_of
from stepweave.runtime.markup import check_nesting, text_of
from stepweave.runtime.placing import placed


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return one item for each input item, with the result in a field."""

    def work(entry: Entry[Params]) -> list[Item]:
        params = entry.params
        to_html = params.operation == "toHtml"
        if params.source == "file":
            file = file_of(params.file, entry.item, step.open_file, "File", "params.file")
            text = text_of(file, "text/markdown" if to_html else "text/html")
        else:
            text = params.markdown if to_html else params.html
        if to_html:
            from functions.nodes.data.markdown.rendering import rendered

            value = rendered(text, params)
        else:
            check_nesting(text, "html" if params.source == "field" else "file")
            value = _converted(text, params)
        return [placed(entry.item, params.output_field, value, keep=params.keep_other_fields)]

    return step.each(work)


def _converted(html: str, params: Params) -> str:
    from html_to_markdown import ConversionOptions, PreprocessingOptions, convert

    options = ConversionOptions(
        heading_style=params.headings,
        bullets=params.bullet,
        strong_em_symbol=params.emphasis,
        code_block_style=params.code_blocks,
        link_style=params.links,
        escape_asterisks=params.escape,
        escape_underscores=params.escape,
        escape_misc=params.escape,
        skip_images=not params.images,
        exclude_selectors=[one.strip() for one in params.skip.split(",") if one.strip()],
        extract_metadata=False,
        preprocessing=PreprocessingOptions(enabled=False),
    )
    return convert(html, options).content or ""
