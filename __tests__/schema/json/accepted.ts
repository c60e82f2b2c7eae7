type Case = readonly [json: string, written: string, others?: 'others refuse it'];

/** JSON that is valid, and how it is written. */
export const ACCEPTED: readonly Case[] = [
  // names
  ['{}', '{}'],
  [
    '{"fieldName1":1,"FieldName2":2,"fieldName3":3}',
    '{"fieldName1":1,"FieldName2":2,"fieldName3":3}',
  ],
  [
    '{"fieldName1":1,"_field_name2":2,"field__name3":3}',
    '{"fieldName1":1,"FieldName2":2,"fieldName3":3}',
  ],
  ['{"FieldName4":4,"field_5_name":5}', '{"FieldName4":4,"field5Name":5}'],
  ['{"@named":1}', '{"@named":1}'],
  ['{"named":1}', '{"@named":1}'],
  ['{"\\u0073ingleInt32": 1}', '{"singleInt32":1}'],
  ['{"toString":5}', '{"toString":5}'],
  // integers
  [
    '{"singleInt32":2147483647,"repeatedInt32":[-2147483648]}',
    '{"singleInt32":2147483647,"repeatedInt32":[-2147483648]}',
  ],
  ['{"singleInt32":"2147483647"}', '{"singleInt32":2147483647}'],
  ['{"singleInt32":1e5}', '{"singleInt32":100000}'],
  ['{"singleInt32":100000.000}', '{"singleInt32":100000}'],
  ['{"singleInt32":"1e5"}', '{"singleInt32":100000}'],
  ['{"singleInt32":"100000.000"}', '{"singleInt32":100000}'],
  ['{"singleInt32":2.147483647e9}', '{"singleInt32":2147483647}'],
  ['{"optionalInt32":-0}', '{"optionalInt32":0}'],
  ['{"singleUint32":4294967295}', '{"singleUint32":4294967295}'],
  ['{"singleUint32":"4294967295"}', '{"singleUint32":4294967295}'],
  ['{"singleInt64":"9223372036854775807"}', '{"singleInt64":"9223372036854775807"}'],
  ['{"singleInt64":"-9223372036854775808"}', '{"singleInt64":"-9223372036854775808"}'],
  ['{"singleInt64":9223372036854774784}', '{"singleInt64":"9223372036854774784"}'],
  ['{"singleInt64":-9223372036854775808}', '{"singleInt64":"-9223372036854775808"}'],
  ['{"singleUint64":18446744073709549568}', '{"singleUint64":"18446744073709549568"}'],
  ['{"singleUint64":"18446744073709551615"}', '{"singleUint64":"18446744073709551615"}'],
  ['{"singleInt64":1e3}', '{"singleInt64":"1000"}'],
  // float and double
  ['{"singleFloat":3.4028235e38}', '{"singleFloat":3.4028235e38}'],
  ['{"singleFloat":1.175494e-38}', '{"singleFloat":1.175494e-38}'],
  ['{"singleFloat":0.1}', '{"singleFloat":0.1}'],
  [
    '{"singleFloat":"NaN","singleDouble":"-Infinity"}',
    '{"singleFloat":"NaN","singleDouble":"-Infinity"}',
  ],
  [
    '{"singleFloat":"Infinity","singleDouble":"NaN"}',
    '{"singleFloat":"Infinity","singleDouble":"NaN"}',
  ],
  ['{"singleDouble":1.7976931348623157e308}', '{"singleDouble":1.7976931348623157e308}'],
  ['{"singleDouble":"1.5"}', '{"singleDouble":1.5}'],
  ['{"singleDouble":12345678901234567890}', '{"singleDouble":12345678901234567000}'],
  // bool, string, bytes
  ['{"singleBool":true,"optionalBool":false}', '{"singleBool":true,"optionalBool":false}'],
  ['{"singleString":"Hello world!"}', '{"singleString":"Hello world!"}'],
  ['{"singleString":"\\u8C37\\u6B4C"}', '{"singleString":"谷歌"}'],
  ['{"singleString":"\\uD83D\\uDE01"}', '{"singleString":"😁"}'],
  ['{"singleString":"\\b\\"\\\\\\/"}', '{"singleString":"\\b\\"\\\\/"}'],
  ['{"singleBytes":"AQI="}', '{"singleBytes":"AQI="}'],
  ['{"singleBytes":"-_"}', '{"singleBytes":"+w=="}'],
  ['{"singleBytes":"-_8="}', '{"singleBytes":"+/8="}'],
  // enums
  ['{"singleKind":"ONE"}', '{"singleKind":"ONE"}'],
  ['{"singleKind":"FIRST"}', '{"singleKind":"ONE"}'],
  ['{"singleKind":1}', '{"singleKind":"ONE"}'],
  ['{"singleKind":123}', '{"singleKind":123}'],
  ['{"singleKind":-1,"optionalKind":0}', '{"singleKind":"LESS","optionalKind":"NONE"}'],
  // null
  [
    '{"singleInt32":null,"repeatedInt32":null,"mapOfInt32":null,"singleMessage":null,"singleKind":null}',
    '{}',
  ],
  ['{"oneUint32":null,"oneString":"test"}', '{"oneString":"test"}'],
  ['{"oneString":"test","oneUint32":null}', '{"oneString":"test"}'],
  ['{"oneNullValue":null}', '{"oneNullValue":null}'],
  ['{"oneNullValue":"NULL_VALUE"}', '{"oneNullValue":null}'],
  ['{"repeatedNullValue":[null]}', '{"repeatedNullValue":[null]}'],
  ['{"singleKnownValue":null}', '{"singleKnownValue":null}'],
  ['{"repeatedKnownValue":[null,1]}', '{"repeatedKnownValue":[null,1]}'],
  ['{"singleKnownInt32value":null}', '{}'],
  // repeated and maps
  ['{"repeatedInt32":[1,2,3,4]}', '{"repeatedInt32":[1,2,3,4]}'],
  ['{"repeatedKind":["NONE","ONE",-1]}', '{"repeatedKind":["NONE","ONE","LESS"]}'],
  ['{"repeatedMessage":[{"singleInt32":1},{}]}', '{"repeatedMessage":[{"singleInt32":1},{}]}'],
  ['{"mapByInt32":{"1":2,"-3":4}}', '{"mapByInt32":{"1":2,"-3":4}}'],
  ['{"mapByUint64":{"18446744073709551615":1}}', '{"mapByUint64":{"18446744073709551615":1}}'],
  ['{"mapByBool":{"true":1,"false":2}}', '{"mapByBool":{"true":1,"false":2}}'],
  ['{"mapOfMessage":{"a":{"singleInt32":1}}}', '{"mapOfMessage":{"a":{"singleInt32":1}}}'],
  ['{"mapOfInt32":{"__proto__":1}}', '{"mapOfInt32":{"__proto__":1}}'],
  ['{"mapOfInt32":{"\\"":1,"":2}}', '{"mapOfInt32":{"\\"":1,"":2}}'],
  // wrappers
  [
    '{"singleKnownInt64value":"1","singleKnownBoolvalue":false}',
    '{"singleKnownInt64value":"1","singleKnownBoolvalue":false}',
  ],
  ['{"repeatedKnownStringvalue":["","AQI="]}', '{"repeatedKnownStringvalue":["","AQI="]}'],
  ['{"singleKnownUint32value":"1"}', '{"singleKnownUint32value":1}'],
  // times
  [
    '{"singleKnownTimestamp":"0001-01-01T00:00:00Z"}',
    '{"singleKnownTimestamp":"0001-01-01T00:00:00Z"}',
  ],
  [
    '{"singleKnownTimestamp":"9999-12-31T23:59:59.999999999Z"}',
    '{"singleKnownTimestamp":"9999-12-31T23:59:59.999999999Z"}',
  ],
  [
    '{"singleKnownTimestamp":"1970-01-01T00:00:00.010Z"}',
    '{"singleKnownTimestamp":"1970-01-01T00:00:00.010Z"}',
  ],
  [
    '{"singleKnownTimestamp":"1970-01-01T00:00:00.00001Z"}',
    '{"singleKnownTimestamp":"1970-01-01T00:00:00.000010Z"}',
  ],
  [
    '{"singleKnownTimestamp":"1969-12-31T16:00:00-08:00"}',
    '{"singleKnownTimestamp":"1970-01-01T00:00:00Z"}',
  ],
  [
    '{"singleKnownTimestamp":"1970-01-01T08:00:01+08:00"}',
    '{"singleKnownTimestamp":"1970-01-01T00:00:01Z"}',
  ],
  [
    '{"singleKnownTimestamp":"1969-12-31T23:59:59.5Z"}',
    '{"singleKnownTimestamp":"1969-12-31T23:59:59.500Z"}',
  ],
  [
    '{"singleKnownTimestamp":"2000-02-29T00:00:00Z"}',
    '{"singleKnownTimestamp":"2000-02-29T00:00:00Z"}',
  ],
  [
    '{"singleKnownDuration":"-315576000000.999999999s"}',
    '{"singleKnownDuration":"-315576000000.999999999s"}',
  ],
  [
    '{"singleKnownDuration":"315576000000.999999999s"}',
    '{"singleKnownDuration":"315576000000.999999999s"}',
  ],
  ['{"singleKnownDuration":"1.5s"}', '{"singleKnownDuration":"1.500s"}'],
  ['{"singleKnownDuration":"-0.5s"}', '{"singleKnownDuration":"-0.500s"}'],
  ['{"singleKnownDuration":"0s"}', '{"singleKnownDuration":"0s"}'],
  ['{"singleKnownDuration":"1.000000001s"}', '{"singleKnownDuration":"1.000000001s"}'],
  ['{"singleKnownDuration":"1.000010000s"}', '{"singleKnownDuration":"1.000010s"}'],
  // field masks, structs, Any
  ['{"singleKnownFieldmask":"foo,barBaz"}', '{"singleKnownFieldmask":"foo,barBaz"}'],
  ['{"singleKnownFieldmask":""}', '{"singleKnownFieldmask":""}'],
  [
    '{"singleKnownStruct":{"a":null,"b":[1,{"c":"d"}],"e":true}}',
    '{"singleKnownStruct":{"a":null,"b":[1,{"c":"d"}],"e":true}}',
  ],
  ['{"singleKnownListvalue":[0,"x",[],{}]}', '{"singleKnownListvalue":[0,"x",[],{}]}'],
  ['{"singleKnownValue":[1,{"a":2}]}', '{"singleKnownValue":[1,{"a":2}]}'],
  ['{"repeatedKnownListvalue":[["a"],[]]}', '{"repeatedKnownListvalue":[["a"],[]]}'],
  ['{"singleKnownEmpty":{}}', '{"singleKnownEmpty":{}}'],
  ['{"singleKnownAny":{}}', '{"singleKnownAny":{}}'],
  [
    '{"singleKnownAny":{"@type":"type.googleapis.com/all.All","singleInt32":12345}}',
    '{"singleKnownAny":{"@type":"type.googleapis.com/all.All","singleInt32":12345}}',
  ],
  [
    '{"singleKnownAny":{"singleInt32":1,"@type":"type.googleapis.com/all.All"}}',
    '{"singleKnownAny":{"@type":"type.googleapis.com/all.All","singleInt32":1}}',
  ],
  [
    '{"singleKnownAny":{"@type":"type.googleapis.com/google.protobuf.Any","value":{"@type":"type.googleapis.com/all.All","singleInt32":1}}}',
    '{"singleKnownAny":{"@type":"type.googleapis.com/google.protobuf.Any","value":{"@type":"type.googleapis.com/all.All","singleInt32":1}}}',
  ],
  [
    '{"singleKnownAny":{"@type":"type.googleapis.com/google.protobuf.Int32Value","value":12345}}',
    '{"singleKnownAny":{"@type":"type.googleapis.com/google.protobuf.Int32Value","value":12345}}',
  ],
  [
    '{"singleKnownAny":{"@type":"type.googleapis.com/google.protobuf.Timestamp","value":"1970-01-01T00:00:00Z"}}',
    '{"singleKnownAny":{"@type":"type.googleapis.com/google.protobuf.Timestamp","value":"1970-01-01T00:00:00Z"}}',
  ],
  [
    '{"singleKnownAny":{"@type":"type.googleapis.com/google.protobuf.Value","value":{"foo":"bar"}}}',
    '{"singleKnownAny":{"@type":"type.googleapis.com/google.protobuf.Value","value":{"foo":"bar"}}}',
  ],
  [
    '{"singleKnownAny":{"@type":"type.googleapis.com/google.protobuf.Empty"}}',
    '{"singleKnownAny":{"@type":"type.googleapis.com/google.protobuf.Empty"}}',
  ],
  [
    '{"singleKnownAny":{"@type":"type.googleapis.com/google.protobuf.Empty","value":{}}}',
    '{"singleKnownAny":{"@type":"type.googleapis.com/google.protobuf.Empty"}}',
    'others refuse it',
  ],
];
