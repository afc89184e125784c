package dev.signet;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.persistence.Entity;
import java.util.Date;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.data.repository.Repository;
import org.springframework.modulith.ApplicationModule;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.web.bind.annotation.RestController;

class ArchitectureTests {

    private static final ApplicationModules ROOMS = ApplicationModules.of(Signet.class);
    private static final JavaClasses CODE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.signet");

    @Test
    void arrowsBetweenRoomsAreDeclaredAndNeverMakeACircle() {
        ROOMS.verify();
    }

    @Test
    void everyRoomDeclaresWhichRoomsItMayUse() {
        assertThat(ROOMS.stream())
                .hasSizeGreaterThan(5)
                .allSatisfy(room -> assertThat(declaration(room.getBasePackage().getName()))
                        .as("@ApplicationModule of %s", room.getBasePackage().getName())
                        .isNotNull()
                        .extracting(ApplicationModule::allowedDependencies)
                        .satisfies(rooms -> assertThat(rooms)
                                .as("an open list of rooms")
                                .doesNotContain(ApplicationModule.OPEN_TOKEN)));
    }

    @Test
    void roomsAreFlat() {
        assertThat(CODE.stream().map(code -> code.getPackageName()).distinct())
                .allMatch(name -> name.chars().filter(c -> c == '.').count() <= 2);
    }

    @Test
    void controllersRepositoriesAndEntitiesStayInTheirRoom() {
        classes()
                .that()
                .areAnnotatedWith(RestController.class)
                .or()
                .areAnnotatedWith(Entity.class)
                .or()
                .areAssignableTo(Repository.class)
                .should()
                .bePackagePrivate()
                .check(CODE);
    }

    @Test
    void noNameHidesWhatAThingIs() {
        Stream.of("Impl", "Util", "Utils", "Helper", "Manager", "Dto", "Mapper", "Data", "Info")
                .forEach(ending ->
                        noClasses().should().haveSimpleNameEndingWith(ending).check(CODE));
    }

    @Test
    void timesComeFromTheInjectedClockAndNeverFromTheMachine() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.signet.platform.PlatformConfiguration")
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callConstructor(Date.class)
                .orShould()
                .callMethodWhere(readsTheMachinesClock())
                .because("the clock of a machine may be off: what is stored has the database's time")
                .check(CODE);
    }

    private static DescribedPredicate<JavaMethodCall> readsTheMachinesClock() {
        return DescribedPredicate.describe(
                "reads the machine's clock",
                call -> call.getTargetOwner().getPackageName().equals("java.time") && readsIt(call));
    }

    private static boolean readsIt(JavaMethodCall call) {
        return call.getName().equals("now")
                ? call.getTarget().getRawParameterTypes().isEmpty()
                : call.getName().startsWith("system") || call.getName().startsWith("tick");
    }

    private static @Nullable ApplicationModule declaration(String room) {
        try {
            return Class.forName(room + ".package-info").getAnnotation(ApplicationModule.class);
        } catch (ClassNotFoundException absent) {
            return null;
        }
    }
}
