import com.google.gson.Gson;
import java.io.File;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hl7.fhir.r5.elementmodel.Manager.FhirFormat;
import org.hl7.fhir.r5.utils.validation.constants.ReferenceValidationPolicy;
import org.hl7.fhir.utilities.http.ManagedWebAccess;
import org.hl7.fhir.utilities.http.ManagedWebAccess.WebAccessPolicy;
import org.hl7.fhir.utilities.validation.ValidationMessage;
import org.hl7.fhir.validation.ValidationEngine.ValidationEngineBuilder;
import org.hl7.fhir.validation.instance.advisor.BasePolicyAdvisorForFullValidation;

/**
 * HL7's validator over all files of a folder: "Hl7Validator {profiles folder} {folder}". One line of JSON for each thing it
 * says. As its own program with "-version 4.0.1 -tx n/a", which is not on Maven Central: no network and no terminology
 * server, and a reference that leads nowhere is no fault, since a resource is looked at by itself.
 */
public class Hl7Validator {
	public static void main(String[] arguments) throws Exception {
		ManagedWebAccess.setAccessPolicy(WebAccessPolicy.PROHIBITED);
		var engine = new ValidationEngineBuilder()
				.withVersion("4.0.1")
				.withUserAgent("qasid")
				.withNoTerminologyServer()
				.withCanRunWithoutTerminologyServer(true)
				.withThoVersion("7.0.1")
				.withExtensionsVersion("5.3.0-ballot-tc1")
				.fromSource("hl7.fhir.r4.core#4.0.1");
		engine.getContext().setNoTerminologyServer(true);
		engine.getIgLoader().loadIg(engine.getIgs(), engine.getBinaries(), arguments[0], false);
		engine.setPolicyAdvisor(
				new BasePolicyAdvisorForFullValidation(ReferenceValidationPolicy.CHECK_TYPE_IF_EXISTS, Set.of()));
		engine.prepare();

		var files = new File(arguments[1]).listFiles((folder, name) -> name.endsWith(".json"));
		Arrays.sort(files);
		for (File file : files) {
			List<ValidationMessage> messages = new ArrayList<>();
			engine.validate(Files.readAllBytes(file.toPath()), FhirFormat.JSON, List.of(), messages);
			for (var message : messages) System.out.println(toJson(file, message));
		}
	}

	private static String toJson(File file, ValidationMessage message) {
		return new Gson().toJson(Map.of(
				"file", file.getName(),
				"level", message.getLevel().toCode(),
				"id", String.valueOf(message.getMessageId()),
				"at", String.valueOf(message.getLocation()),
				"says", message.getMessage()));
	}
}
