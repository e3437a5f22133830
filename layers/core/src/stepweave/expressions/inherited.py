"""What lists, texts, numbers, booleans and objects have without holding it: the names of their prototypes' properties.

Taken from QuickJS itself; a test compares them with the engine that is installed.
"""

from typing import Final

_OBJECT: Final = """
    __defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__ __proto__ constructor hasOwnProperty
    isPrototypeOf propertyIsEnumerable toLocaleString toString valueOf
"""
_LIST: Final = """
    at concat constructor copyWithin entries every fill filter find findIndex findLast findLastIndex flat flatMap
    forEach includes indexOf join keys lastIndexOf length map pop push reduce reduceRight reverse shift slice some
    sort splice toLocaleString toReversed toSorted toSpliced toString unshift values with
"""
_TEXT: Final = """
    anchor at big blink bold charAt charCodeAt codePointAt concat constructor endsWith fixed fontcolor fontsize
    includes indexOf isWellFormed italics lastIndexOf length link localeCompare match matchAll normalize padEnd
    padStart repeat replace replaceAll search slice small split startsWith strike sub substr substring sup
    toLocaleLowerCase toLocaleUpperCase toLowerCase toString toUpperCase toWellFormed trim trimEnd trimLeft
    trimRight trimStart valueOf
"""
_NUMBER: Final = """
    constructor toExponential toFixed toLocaleString toPrecision toString valueOf
"""
_BOOLEAN: Final = """
    constructor toString valueOf
"""

OBJECT: Final = frozenset(_OBJECT.split())
LIST: Final = OBJECT.union(_LIST.split())
TEXT: Final = OBJECT.union(_TEXT.split())
NUMBER: Final = OBJECT.union(_NUMBER.split())
BOOLEAN: Final = OBJECT.union(_BOOLEAN.split())
