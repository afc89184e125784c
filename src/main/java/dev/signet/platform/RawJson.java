package dev.signet.platform;

import java.io.StringWriter;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.ser.std.StdScalarSerializer;
import tools.jackson.databind.util.RawValue;

/**
 * JSON of a client, kept as text and returned with the numbers as they were written. It is never a tree in memory: the tree
 * of {@code [{},{},…]} is fifty times as large as its text.
 */
@JsonSerialize(using = RawJson.Writer.class)
@JsonDeserialize(using = RawJson.Reader.class)
public record RawJson(String text) {

    static final class Writer extends StdScalarSerializer<RawJson> {

        Writer() {
            super(RawJson.class);
        }

        @Override
        public void serialize(RawJson json, JsonGenerator generator, SerializationContext context) {
            generator.writeRawValue(json.text);
        }
    }

    /** Copies token by token. Texts and names that cannot be stored are rejected, as everywhere. */
    static final class Reader extends StdScalarDeserializer<RawJson> {

        private static final JsonFactory JSON = new JsonFactory();

        Reader() {
            super(RawJson.class);
        }

        @Override
        public RawJson deserialize(JsonParser parser, DeserializationContext context) {
            if (parser.hasToken(JsonToken.VALUE_EMBEDDED_OBJECT)
                    && parser.getEmbeddedObject() instanceof RawValue stored) {
                return new RawJson(String.valueOf(stored.rawValue()));
            }
            StringWriter text = new StringWriter();
            try (JsonGenerator copy = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
                copy(parser, context, copy);
            }
            return new RawJson(text.toString());
        }

        private static void copy(JsonParser parser, DeserializationContext context, JsonGenerator copy) {
            int depth = 0;
            for (JsonToken token = parser.currentToken(); ; token = parser.nextToken()) {
                switch (token) {
                    case PROPERTY_NAME -> copy.writeName(storable(parser.currentName(), context));
                    case VALUE_STRING -> copy.writeString(storable(parser.getString(), context));
                    // as text: a double could not hold 1e999
                    case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> copy.writeNumber(parser.getString());
                    default -> copy.copyCurrentEvent(parser);
                }
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (depth == 0) {
                    return;
                }
            }
        }

        private static String storable(String text, DeserializationContext context) {
            return Input.isStorable(text)
                    ? text
                    : (String) context.handleWeirdStringValue(String.class, "", "not storable");
        }
    }
}
