"""The tools as the Model Context Protocol has them: what is said of each, and where a fault goes.

What they return are dataclasses without slots: the SDK takes a slot for the default of its field.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict
from functools import cache
from importlib import metadata, resources
from inspect import cleandoc
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError, ToolError
from mcp_types import CallToolResult, TextContent, ToolAnnotations
from pydantic import Field

from server import errors
from server.assistants import asking, explaining, finding
from server.assistants.asking import Answered, Questions, Validated
from server.assistants.explaining import Explained
from server.assistants.finding import Classes, Described, Found

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.questions import Example
    from server.assistants.ground import Ground, Grounds, Most


def service(grounds: Grounds, examples: tuple[Example, ...], most: Most) -> MCPServer:
    """Return the server of the tools; whoever runs it closes the grounds."""
    server = MCPServer(
        "city-economy-kg",
        title="City Economy Knowledge Graph",
        version=metadata.version("city-economy-kg"),
        instructions=guide(),
        log_level="WARNING",
    )
    _add_finding(server, grounds)
    _add_explaining(server, grounds)
    _add_examples(server, grounds, examples)
    _add_asking(server, grounds, limits(most))
    _add_resources(server, grounds, examples)
    return server


def limits(most: Most) -> str:
    """Say what an answer may take.

    >>> from server.assistants.ground import Most
    >>> limits(Most(10, 1024, 200, 100_000)), limits(Most(10, 1024, 200, 0))
    ('within 10 seconds, 200 rows and 100,000 bytes', 'within 10 seconds and 200 rows')
    """
    if not most.size:
        return f"within {most.timeout:g} seconds and {most.rows} rows"
    return f"within {most.timeout:g} seconds, {most.rows} rows and {most.size:,} bytes"


@cache
def guide() -> str:
    """Return what an assistant has to know before it uses the tools."""
    return (resources.files("server.assistants") / "guide.md").read_text(encoding="utf-8")


def _tool(server: MCPServer, title: str, **values: str) -> Callable[[Tool], Tool]:
    """Add a tool that changes nothing; its docstring is what an assistant reads, with values filled in."""

    def add(function: Tool) -> Tool:
        description = cleandoc(function.__doc__ or "").format(**values)
        return server.tool(
            title=title, description=description, annotations=_READING, structured_output=True
        )(function)

    return add


Tool = TypeVar("Tool", bound="Callable[..., CallToolResult]")
_READING: Final = ToolAnnotations(read_only_hint=True, open_world_hint=False)

Name = Annotated[
    str,
    Field(
        description="A label in English or Chinese, a short name such as city:harbin, or an IRI.",
        max_length=500,
    ),
]
SparqlText = Annotated[
    str, Field(description="SPARQL 1.1. The prefixes of the graph need no declaration.", max_length=100_000)
]


def _add_finding(server: MCPServer, grounds: Grounds) -> None:
    @_tool(server, "Search")
    def search(
        text: Annotated[
            str, Field(description="Words in English, Chinese or pinyin; slips are forgiven.", max_length=200)
        ],
        kind: Annotated[
            str,
            Field(
                description="Only things of this kind: city, region, country, organization, industry, group, "
                "system, metric, policy, source, obs (figures), quote (sentences), ont (terms)."
            ),
        ] = "",
        page: Annotated[int, Field(description="20 hits are on a page.", ge=1, le=999_999)] = 1,
    ) -> Annotated[CallToolResult, Found]:
        """Find cities, industries, metrics, policies, articles, figures and sentences by their words.

        Start here when you have a word and no name. The best match comes first; each has a short name
        (industry:finance) that the other tools take.
        """
        with _ground(grounds) as ground:
            found = finding.search(ground, text, kind, page)
        return _result(found, finding.found_told(found))

    @_tool(server, "Describe a thing")
    def describe_thing(name: Name) -> Annotated[CallToolResult, Described]:
        """Tell what one city, industry, metric, policy, article or figure is: its names, its definition,
        what is stated of it (up to 20 values of a property), and what points to it (up to 10 by a property).

        For why a figure is what it is, take explain_fact.
        """
        with _ground(grounds) as ground:
            described = finding.describe(ground, name)
        return _result(described, finding.described_told(described))

    @_tool(server, "Describe a class")
    def describe_class(
        name: Annotated[
            str, Field(description="Such as cekg:Level, Level or level; empty lists all.", max_length=500)
        ] = "",
    ) -> Annotated[CallToolResult, Classes]:
        """Tell what can be asked of a class: how many things there are of it, its properties with their
        meaning and how many statements there are of each, and an example. Without a name: all classes.

        Use it before you write a query: a property that has no statements on a class gives no rows.
        """
        with _ground(grounds) as ground:
            classes = finding.classes(ground, name)
        return _result(classes, finding.classes_told(classes))


def _add_explaining(server: MCPServer, grounds: Grounds) -> None:
    @_tool(server, "Explain a fact")
    def explain_fact(
        fact: Annotated[
            str,
            Field(
                description="A figure by its short name (obs:…) or its IRI, as search and queries give it.",
                max_length=500,
            ),
        ],
    ) -> Annotated[CallToolResult, Explained]:
        """Show the evidence of a figure, a recognition or a membership: the sentence that says it, how each
        phrase was read (number, city, industry, metric, period) and why, who published and reported it, other
        figures for the same, what it adds up to, doubts of the editors, a citation in words and BibTeX.

        Use it before you repeat a number, and cite what it gives.
        """
        with _ground(grounds) as ground:
            explained = explaining.explain(ground, fact)
        return _result(explained, explaining.told(explained))


def _add_examples(server: MCPServer, grounds: Grounds, examples: tuple[Example, ...]) -> None:
    @_tool(server, "List questions")
    def list_queries() -> Annotated[CallToolResult, Questions]:
        """List the questions that the graph is known to answer, with what can be chosen in each.

        If one of them is what the user asks, run_example answers it without a query to write.
        """
        questions = asking.questions(examples)
        return _result(questions, asking.questions_told(questions))

    @_tool(server, "Answer a question")
    def run_example(
        slug: Annotated[str, Field(description="The slug of a question of list_queries, such as growth.")],
        parameters: Annotated[
            dict[str, str],
            Field(description='What to choose in it, such as {"metric": "revenue"}; defaults for the rest.'),
        ] = {},  # noqa: B006  # nobody changes it, and the schema shows it
    ) -> Annotated[CallToolResult, Answered]:
        """Answer one of the questions of list_queries; gives the rows and the query that was run."""
        with _ground(grounds) as ground:
            answered = asking.run_example(ground, examples, slug, parameters)
        return _result(answered, asking.told(answered))


def _add_asking(server: MCPServer, grounds: Grounds, within: str) -> None:
    @_tool(server, "Check a query")
    def validate_query(query: SparqlText) -> Annotated[CallToolResult, Validated]:
        """Check a SPARQL query without running it: where it stops being SPARQL (line and column), which of
        its prefixes and names the graph does not know, with what comes near, and whether it would call
        another endpoint, which is refused.
        """
        with _ground(grounds) as ground:
            validated = asking.validate(ground, query)
        return _result(validated, asking.validated_told(validated))

    @_tool(server, "Run a query", within=within)
    def run_query(query: SparqlText) -> Annotated[CallToolResult, Answered]:
        """Run a SPARQL query (SELECT, ASK, CONSTRUCT or DESCRIBE) {within}.

        An answer that would be larger is refused as a whole, never cut: add a LIMIT with an ORDER BY, or
        count and add up with GROUP BY. Nothing can be changed, and no other endpoint called (SERVICE).
        """
        with _ground(grounds) as ground:
            answered = asking.run(ground, query)
        return _result(answered, asking.told(answered))


def _add_resources(server: MCPServer, grounds: Grounds, examples: tuple[Example, ...]) -> None:
    queries = {each.slug: each for each in examples}

    @server.resource("cekg://guide", title="How to use the graph", mime_type="text/markdown")
    def the_guide() -> str:
        """What an assistant has to know: kinds of figures, units, bounds, periods, prefixes."""
        return guide()

    @server.resource("cekg://ontology", title="Ontology", mime_type="text/turtle")
    def ontology() -> str:
        """Every class and property with its definition, in Turtle."""
        with _ground(grounds, ResourceError) as ground:
            return ground.ontology()

    @server.resource("cekg://queries/{slug}", title="Example query", mime_type="application/sparql-query")
    def example_query(slug: str) -> str:
        """The SPARQL of one of the questions of list_queries."""
        if slug not in queries:
            raise ResourceNotFoundError(f"There is no question {slug!r}. There is {', '.join(queries)}.")
        return queries[slug].query

    @server.prompt(title="Answer with sources")
    def answer_with_sources(
        question: Annotated[str, Field(description="What you want to know about the economy of a city.")],
    ) -> str:
        """Answer a question from the graph alone, each number with its sentence and its source."""
        return (
            f"{question}\n\nAnswer from the City Economy Knowledge Graph alone. Give for each number the "
            "sentence that says it, its publisher and its date (explain_fact), say of a bound that it is "
            "one, and say so if the graph states nothing of it."
        )


@contextmanager
def _ground(grounds: Grounds, fault_of: type[Exception] = ToolError) -> Iterator[Ground]:
    """Take what is published now; a fault of ours becomes one that the assistant reads and can act on."""
    try:
        with grounds.take() as ground:
            yield ground
    except errors.RequestFault as fault:
        raise fault_of(fault.detail) from fault


def _result(data: Any, text: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=asdict(data))
